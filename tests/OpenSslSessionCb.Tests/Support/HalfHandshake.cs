using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A client that sends its hello, and then an alert in clear: anybody can.</summary>
internal static unsafe class HalfHandshake
{
    // Record: alert, TLS 1.2, two bytes; fatal, handshake_failure.
    private static ReadOnlySpan<byte> Alert => [21, 3, 3, 0, 2, 2, 40];

    public static void EndByAlert(TlsContext server, int version)
    {
        using TlsContext client = TlsContext.Client(version);
        SSL* from = LibSsl.SSL_new(client.Pointer);
        SSL* to = LibSsl.SSL_new(server.Pointer);
        BIO* hello = SetMemory(from, out _);
        _ = SetMemory(to, out BIO* heard);
        LibSsl.SSL_set_connect_state(from);
        LibSsl.SSL_set_accept_state(to);
        _ = LibSsl.SSL_do_handshake(from);
        byte* bytes = stackalloc byte[4096];
        int length = LibCrypto.BIO_read(hello, bytes, 4096);
        Assert.That(LibCrypto.BIO_write(heard, bytes, length), Is.EqualTo(length).And.GreaterThan(0));
        Assert.That(LibSsl.SSL_do_handshake(to), Is.EqualTo(-1), "it waits for the client's next flight");
        fixed (byte* alert = Alert)
        {
            _ = LibCrypto.BIO_write(heard, alert, Alert.Length);
        }

        LibCrypto.ERR_clear_error();
        int ended = LibSsl.SSL_do_handshake(to);
        Assert.That(LibSsl.SSL_get_error(to, ended), Is.EqualTo(LibSsl.SSL_ERROR_SSL), "or the alert was not heard");
        LibCrypto.ERR_clear_error();
        LibSsl.SSL_free(from);
        LibSsl.SSL_free(to);
    }

    /// <summary>What it writes; and what it reads.</summary>
    private static BIO* SetMemory(SSL* ssl, out BIO* read)
    {
        read = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        _ = LibCrypto.BIO_ctrl(read, LibCrypto.BIO_C_SET_BUF_MEM_EOF_RETURN, new System.Runtime.InteropServices.CLong(-1), null);
        BIO* written = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        LibSsl.SSL_set_bio(ssl, read, written);
        return written;
    }
}
