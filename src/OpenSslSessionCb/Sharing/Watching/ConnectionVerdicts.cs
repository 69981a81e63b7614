using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Finds out whether .NET has let a connection's client in. It judges after the handshake, full or resumed, and tells nobody when it
/// says no: it sends no alert, and libssl calls no remove callback. But it reads and writes application data and alerts only after it
/// has said yes. So a connection that is freed after its handshake and before the first of these was turned away.
/// </summary>
/// <remarks>
/// The records are seen by a message callback on the SSL. libssl has no getter for it; .NET sets none. It is set on connections of
/// .NET's that verify clients, and taken back with the first record that tells. A client that goes by itself, without close_notify,
/// before either side has sent a byte looks the same: its next handshake is a full one.
/// </remarks>
internal static unsafe class ConnectionVerdicts
{
    private static readonly ConnectionTable<ConnectionVerdict> s_open = new(Freed);

    /// <summary>How many connections have not shown it yet.</summary>
    internal static int Count => s_open.Count;

    /// <summary>In the ClientHello callback. A second hello, after a HelloRetryRequest or to renegotiate, begins anew.</summary>
    internal static void Begin(SSL* ssl, SessionPipeline pipeline)
    {
        s_open.Set(ssl, new ConnectionVerdict(pipeline));
        LibSsl.SSL_set_msg_callback(ssl, &Message);
    }

    /// <summary>Null: the connection verifies nobody, or is not .NET's, or has been let in.</summary>
    internal static ConnectionVerdict? Of(SSL* ssl) => s_open.Find(ssl);

    /// <summary>Called for each message and record, on the thread that drives the connection.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Message(int isWritten, int version, int contentType, void* buffer, nuint length, SSL* ssl, void* argument)
    {
        try
        {
            if (length == 0)
            {
                return;
            }

            byte first = *(byte*)buffer;
            if (contentType == LibSsl.SSL3_RT_HANDSHAKE && first == LibSsl.SSL3_MT_FINISHED)
            {
                Of(ssl)?.Finished(isWritten != 0, LibSsl.SSL_session_reused(ssl) == 1);
            }
            else if (IsWordOfTheHosts(ssl, contentType, first) && Of(ssl) is null or { IsHandshakeDone: true })
            {
                // An alert before is libssl's business, which calls the remove callback then.
                LibSsl.SSL_set_msg_callback(ssl, null);
                s_open.TryRemove(ssl, out _);
            }
        }
        catch (Exception exception)
        {
            UncaughtExceptions.Trace(exception);
        }
    }

    /// <summary>Application data, or an alert.</summary>
    private static bool IsWordOfTheHosts(SSL* ssl, int contentType, byte recordType)
    {
        // What TLS 1.3 encrypts says application data on the outside, whatever it is.
        // It has to be the last call about a record, too: up to 3.1 libssl makes the two of TLS 1.3 without looking again whether the
        // callback is still there.
        int where = LibSsl.SSL_version(ssl) >= LibSsl.TLS1_3_VERSION ? LibSsl.SSL3_RT_INNER_CONTENT_TYPE : LibSsl.SSL3_RT_HEADER;
        return contentType == where && recordType is LibSsl.SSL3_RT_APPLICATION_DATA or LibSsl.SSL3_RT_ALERT;
    }

    /// <summary>By then little is left of the connection, and nothing of it is touched.</summary>
    private static void Freed(ConnectionVerdict verdict)
    {
        if (verdict.IsHandshakeDone)
        {
            verdict.TurnAway();
        }
    }
}
