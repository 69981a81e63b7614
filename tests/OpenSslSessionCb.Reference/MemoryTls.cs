using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Reference;

/// <summary>One end of a TLS connection, real libssl; its bytes are carried by the caller. Safe to await around.</summary>
public sealed unsafe class MemoryTls : IDisposable
{
    private readonly SSL* _ssl;
    private readonly BIO* _received = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
    private readonly BIO* _sent = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());

    private MemoryTls(nint ctx)
    {
        _ssl = LibSsl.SSL_new((SSL_CTX*)ctx);
        LibSsl.SSL_set_bio(_ssl, _received, _sent);
    }

    public SSL* Pointer => _ssl;

    public bool Resumed => LibSsl.SSL_session_reused(_ssl) == 1;

    /// <param name="ctx">An SSL_CTX*.</param>
    /// <param name="offer">An SSL_SESSION*; 0: none.</param>
    public static MemoryTls Client(nint ctx, nint offer = 0)
    {
        var client = new MemoryTls(ctx);
        LibSsl.SSL_set_connect_state(client._ssl);
        if (offer != 0 && LibSsl.SSL_set_session(client._ssl, (SSL_SESSION*)offer) != 1)
        {
            throw new InvalidOperationException("The session cannot be offered.");
        }

        return client;
    }

    public static MemoryTls Server(nint ctx)
    {
        var server = new MemoryTls(ctx);
        LibSsl.SSL_set_accept_state(server._ssl);
        return server;
    }

    /// <summary>Whether a step of the handshake that went well has left anything in the error queue.</summary>
    public bool LeavesErrors { get; private set; }

    /// <summary>Goes on as far as the bytes do. True when the handshake is done.</summary>
    public bool Handshake()
    {
        LibCrypto.ERR_clear_error();
        int result = LibSsl.SSL_do_handshake(_ssl);
        LeavesErrors |= LibCrypto.ERR_peek_error().Value != 0;
        return result == 1 || ThrowUnlessItWaits(result);
    }

    public void Receive(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            LibCrypto.BIO_write(_received, start, bytes.Length);
        }
    }

    /// <summary>What is to be carried to the other end.</summary>
    public byte[] Send()
    {
        var bytes = new byte[LibCrypto.BIO_ctrl_pending(_sent)];
        fixed (byte* start = bytes)
        {
            LibCrypto.BIO_read(_sent, start, bytes.Length);
        }

        return bytes;
    }

    public void Write(ReadOnlySpan<byte> text)
    {
        fixed (byte* start = text)
        {
            LibSsl.SSL_write(_ssl, start, text.Length);
        }
    }

    /// <summary>0 when more bytes must come first, and when the other end has closed.</summary>
    public int Read(Span<byte> text)
    {
        LibCrypto.ERR_clear_error();
        int read;
        fixed (byte* start = text)
        {
            read = LibSsl.SSL_read(_ssl, start, text.Length);
        }

        return read > 0 || ThrowUnlessItWaits(read) ? read : 0;
    }

    /// <summary>The SSL_SESSION* to offer next time, the caller's.</summary>
    public nint TakeSession() => (nint)LibSsl.SSL_get1_session(_ssl);

    /// <summary>As after a goodbye: libssl takes the session of a connection that ends without one for a bad one.</summary>
    public void Dispose()
    {
        LibSsl.SSL_set_shutdown(_ssl, LibSsl.SSL_SENT_SHUTDOWN | LibSsl.SSL_RECEIVED_SHUTDOWN);
        LibSsl.SSL_free(_ssl);
    }

    private bool ThrowUnlessItWaits(int result)
    {
        int error = LibSsl.SSL_get_error(_ssl, result);
        return error is LibSsl.SSL_ERROR_WANT_READ or LibSsl.SSL_ERROR_ZERO_RETURN
            ? false
            : throw new InvalidOperationException($"libssl says {error}, {LibCrypto.ERR_peek_error().Value:x}.");
    }
}
