namespace OpenSslSessionCb;

/// <summary>Which sessions are worth a place in the cache.</summary>
internal static class SessionAdmission
{
    internal static bool IsWorthKeeping(SslRef ssl, SslSessionRef session)
    {
        if (!session.IsResumable || session.IdSpan.IsEmpty)
        {
            return false;
        }

        if (session.ProtocolVersion != TlsProtocolVersion.Tls13)
        {
            return true;
        }

        // A stateless ticket holds the session itself: libssl never asks for the random id that it announces here.
        // Early data needs each session to be given out once in the whole farm, which a cache that copies cannot promise.
        return ssl.HasStatefulTickets && session.MaxEarlyData == 0;
    }
}
