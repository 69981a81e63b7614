using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>One <c>SSL</c> between two memory BIOs: bytes in, bytes out, no socket. For one caller at a time.</summary>
internal sealed unsafe class TlsEngine : IDisposable
{
    private readonly BIO* _received;
    private readonly BIO* _toSend;
    private SSL* _ssl;
    private bool _isBroken;

    internal TlsEngine(SafeTlsContext context, bool isServer)
    {
        LibCrypto.ERR_clear_error();
        _ssl = LibSsl.SSL_new(context.Pointer);
        _received = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        _toSend = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        if (_ssl is null || _received is null || _toSend is null)
        {
            throw LibSslErrors.ToException("libssl made no connection");
        }

        // Empty means that more may come: the end of the stream is the socket's to tell.
        _ = LibCrypto.BIO_set_mem_eof_return(_received, -1);
        LibSsl.SSL_set_bio(_ssl, _received, _toSend);
        if (isServer)
        {
            LibSsl.SSL_set_accept_state(_ssl);
        }
        else
        {
            LibSsl.SSL_set_connect_state(_ssl);
        }
    }

    /// <summary>For <see cref="TlsFacts"/>; null once disposed of.</summary>
    internal SSL* Pointer => _ssl;

    /// <summary>How many bytes wait to be sent.</summary>
    internal int PendingOutput => (int)LibCrypto.BIO_ctrl_pending(_toSend);

    /// <summary>Why the last step failed.</summary>
    internal string FailureReason { get; private set; } = "";

    /// <summary>Names the host in the ClientHello. Before the handshake, on a client.</summary>
    internal void AskFor(string? hostName)
    {
        if (hostName is not null)
        {
            fixed (byte* name = PemFile.NullTerminated(hostName))
            {
                LibSslErrors.ThrowIfFailed((int)LibSsl.SSL_set_tlsext_host_name(_ssl, name), "libssl does not ask for this host name");
            }
        }
    }

    internal void Feed(ReadOnlySpan<byte> received)
    {
        fixed (byte* bytes = received)
        {
            LibSslErrors.ThrowIfFailed(LibCrypto.BIO_write(_received, bytes, received.Length), "libcrypto took no more bytes");
        }
    }

    internal int TakeOutput(Span<byte> destination)
    {
        fixed (byte* bytes = destination)
        {
            return LibCrypto.BIO_read(_toSend, bytes, destination.Length);
        }
    }

    internal TlsStep Handshake()
    {
        LibCrypto.ERR_clear_error();
        return StepOf(LibSsl.SSL_do_handshake(_ssl));
    }

    /// <summary>Ends when the handshake can go on.</summary>
    internal Task WaitForLookupAsync(CancellationToken cancellationToken) =>
        SessionCacheAttachment.WaitForLookupAsync((nint)_ssl, cancellationToken);

    internal TlsStep Read(Span<byte> destination, out int count)
    {
        LibCrypto.ERR_clear_error();
        fixed (byte* bytes = destination)
        {
            count = LibSsl.SSL_read(_ssl, bytes, destination.Length);
        }

        return StepOf(count);
    }

    /// <summary>Takes everything: a memory BIO has no end.</summary>
    internal TlsStep Write(ReadOnlySpan<byte> source)
    {
        LibCrypto.ERR_clear_error();
        fixed (byte* bytes = source)
        {
            return StepOf(LibSsl.SSL_write(_ssl, bytes, source.Length));
        }
    }

    /// <summary>
    /// Puts close_notify into the output, unless there is nobody to tell. Without it libssl takes the session
    /// for a bad one when the SSL is freed.
    /// </summary>
    internal void Close()
    {
        if (_ssl is null || _isBroken || LibSsl.SSL_in_init(_ssl) != 0)
        {
            return;
        }

        LibCrypto.ERR_clear_error();
        _ = LibSsl.SSL_shutdown(_ssl);
        LibCrypto.ERR_clear_error();
    }

    public void Dispose()
    {
        // Frees the two BIOs as well.
        LibSsl.SSL_free(_ssl);
        _ssl = null;
    }

    private TlsStep StepOf(int result)
    {
        if (result > 0)
        {
            return TlsStep.Done;
        }

        switch (LibSsl.SSL_get_error(_ssl, result))
        {
            case LibSsl.SSL_ERROR_WANT_READ:
                return TlsStep.NeedsBytes;
            case LibSsl.SSL_ERROR_WANT_CLIENT_HELLO_CB:
                return TlsStep.NeedsLookup;
            case LibSsl.SSL_ERROR_ZERO_RETURN:
                return TlsStep.Closed;
            default:
                _isBroken = true;
                FailureReason = LibSslErrors.TakeReason();
                return TlsStep.Failed;
        }
    }
}
