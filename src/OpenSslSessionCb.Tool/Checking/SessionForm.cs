using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>What a client was given to come back with.</summary>
internal enum SessionForm
{
    None,

    /// <summary>A name for what the server keeps: TLS 1.2 without a ticket, or one of 32 bytes in TLS 1.3, as libssl makes them.</summary>
    Id,

    /// <summary>The session itself, encrypted; the server keeps a key and nothing else.</summary>
    Ticket,
}

internal static unsafe class SessionForms
{
    // SSL_MAX_SSL_SESSION_ID_LENGTH: too short for anything that carries a session.
    private const int LongestId = 32;

    internal static SessionForm Of(SSL* ssl)
    {
        SSL_SESSION* session = LibSsl.SSL_get_session(ssl);
        if (session is null || LibSsl.SSL_SESSION_is_resumable(session) == 0)
        {
            return SessionForm.None;
        }

        byte* ticket;
        nuint length;
        LibSsl.SSL_SESSION_get0_ticket(session, &ticket, &length);
        bool isTls13 = LibSsl.SSL_SESSION_get_protocol_version(session) == LibSsl.TLS1_3_VERSION;
        return length > LongestId || (length > 0 && !isTls13) ? SessionForm.Ticket
            : isTls13 && length == 0 ? SessionForm.None
            : SessionForm.Id;
    }
}
