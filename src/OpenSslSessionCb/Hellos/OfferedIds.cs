using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The ids that a ClientHello offers, inside the ClientHello callback.</summary>
internal static unsafe class OfferedIds
{
    internal static SslSessionId[] Read(SSL* ssl)
    {
        Span<SslSessionId> ids = stackalloc SslSessionId[ClientHelloParser.MaxIdentities + 1];
        int count = 0;
        byte* start;
        int length = (int)LibSsl.SSL_client_hello_get0_session_id(ssl, &start);
        if (length is > 0 and <= SslSessionId.MaxLength)
        {
            ids[count++] = new SslSessionId(new ReadOnlySpan<byte>(start, length));
        }

        nuint extension;
        if (LibSsl.SSL_client_hello_get0_ext(ssl, LibSsl.TLSEXT_TYPE_psk, &start, &extension) == 1)
        {
            // What is malformed libssl turns down itself; what was read until then does no harm.
            ClientHelloParser.TryParseIdentities(new ReadOnlySpan<byte>(start, (int)extension), ids, ref count);
        }

        return ids[..count].ToArray();
    }
}
