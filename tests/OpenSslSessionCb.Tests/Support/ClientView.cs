using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a client's session holds.</summary>
internal static unsafe class ClientView
{
    public static SslSessionId Id(ClientSession session) => new SslSessionRef(session.Pointer).Id;

    /// <summary>In TLS 1.3 the ticket is what the server is asked for: of a stateful server, the id.</summary>
    public static byte[] Ticket(ClientSession session)
    {
        byte* ticket;
        nuint length;
        LibSsl.SSL_SESSION_get0_ticket(session.Pointer, &ticket, &length);
        return new ReadOnlySpan<byte>(ticket, (int)length).ToArray();
    }

    public static byte[] MasterKey(ClientSession session)
    {
        var key = new byte[LibSsl.SSL_MAX_MASTER_KEY_LENGTH];
        fixed (byte* start = key)
        {
            return key[..(int)LibSsl.SSL_SESSION_get_master_key(session.Pointer, start, (nuint)key.Length)];
        }
    }
}
