using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>The first flight of a real libssl client, byte for byte.</summary>
internal static unsafe class RecordedHello
{
    public static byte[] Of(TlsContext client, ClientSession? offer = null, string? hostName = null)
    {
        SSL* ssl = LibSsl.SSL_new(client.Pointer);
        try
        {
            LibSsl.SSL_set_connect_state(ssl);
            BIO* sent = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
            LibSsl.SSL_set_bio(ssl, LibCrypto.BIO_new(LibCrypto.BIO_s_mem()), sent);
            if (offer is not null && LibSsl.SSL_set_session(ssl, offer.Pointer) != 1)
            {
                throw new InvalidOperationException("The session cannot be offered.");
            }

            if (hostName is not null)
            {
                fixed (byte* name = System.Text.Encoding.ASCII.GetBytes(hostName + '\0'))
                {
                    LibSsl.SSL_ctrl(ssl, LibSsl.SSL_CTRL_SET_TLSEXT_HOSTNAME, new(LibSsl.TLSEXT_NAMETYPE_host_name), name);
                }
            }

            LibSsl.SSL_do_handshake(ssl);
            var hello = new byte[LibCrypto.BIO_ctrl_pending(sent)];
            fixed (byte* start = hello)
            {
                LibCrypto.BIO_read(sent, start, hello.Length);
            }

            return hello;
        }
        finally
        {
            LibSsl.SSL_free(ssl);
        }
    }

    /// <summary>The client offers protocols of so many bytes in all, so that its hello is long.</summary>
    public static void OfferLongAlpn(TlsContext client, int length)
    {
        byte[] protocols = Protocols(length);
        fixed (byte* start = protocols)
        {
            if (LibSsl.SSL_CTX_set_alpn_protos(client.Pointer, start, (uint)protocols.Length) != 0)
            {
                throw new InvalidOperationException("The protocols cannot be offered.");
            }
        }
    }

    private static byte[] Protocols(int length)
    {
        // u8 length, name: names of 255 bytes, and one of what is left.
        var protocols = new byte[length];
        for (int start = 0; start < length; start += 256)
        {
            protocols[start] = (byte)(Math.Min(256, length - start) - 1);
            protocols.AsSpan(start + 1, protocols[start]).Fill((byte)'a');
        }

        return protocols;
    }
}
