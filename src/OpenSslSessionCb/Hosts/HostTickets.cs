using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The callbacks by which a host puts its own data into a ticket, and judges those who come back with one. Our sessions have an id in
/// place of a ticket: the data goes with them into their record, and the host is asked before one is given out.
/// </summary>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_session_ticket_cb/"/>
internal static unsafe class HostTickets
{
    // What libssl tells it as well: the name of the key that has sealed the ticket.
    private const int KeyNameLength = 16;

    [ThreadStatic]
    private static bool t_isJudging;

    /// <summary>Whether this thread is in such a callback, which may put on a session what it had there before.</summary>
    internal static bool IsJudging => t_isJudging;

    /// <summary>In the new callback. False: the host has failed, and its session is not to be kept.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="watched">The context that its callbacks are taken from; 0: nobody watches it.</param>
    /// <param name="isTls13">libssl has called it already, for ids too.</param>
    internal static bool TryMake(SslRef ssl, nint watched, bool isTls13)
    {
        WhatHostHasSet* set = Find(watched);
        return isTls13 || set is null || set->MakeTicket is null || set->MakeTicket(ssl.Pointer, set->TicketArgument) != 0;
    }

    /// <summary>Whether the host would be asked about a session, and cannot be: another program has put its data there, or none.</summary>
    internal static bool CannotJudge(nint watched, in SessionMaker maker)
    {
        WhatHostHasSet* set = Find(watched);
        return set is not null && set->JudgeTicket is not null
            && HostProgram.Current is { IsStunnel: false } program && program.Number != maker.Program;
    }

    /// <summary>In the get callback: whether the host lets this session be used, which it may change. If not, it is gone.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="watched">The context that its callbacks are taken from; 0: nobody watches it.</param>
    /// <param name="session">What libssl will be given; the caller's.</param>
    /// <param name="maker">Who has made it.</param>
    internal static bool AcceptOrFree(SslRef ssl, nint watched, nint session, in SessionMaker maker)
    {
        WhatHostHasSet* set = Find(watched);
        if (set is null || set->JudgeTicket is null || HostProgram.Current?.Number != maker.Program)
        {
            return true;
        }

        // Where it wants the handshake to be ended, a full one is judged as any other.
        if (Judge(ssl.Pointer, (SSL_SESSION*)session, set) is LibSsl.SSL_TICKET_RETURN_USE or LibSsl.SSL_TICKET_RETURN_USE_RENEW)
        {
            return true;
        }

        LibSsl.SSL_SESSION_free((SSL_SESSION*)session);
        return false;
    }

    private static int Judge(SSL* ssl, SSL_SESSION* session, WhatHostHasSet* set)
    {
        uint length;
        byte* id = LibSsl.SSL_SESSION_get_id(session, &length);
        t_isJudging = true;
        int answer = set->JudgeTicket(
            ssl, session, id, Math.Min(length, KeyNameLength), LibSsl.SSL_TICKET_SUCCESS, set->TicketArgument);
        t_isJudging = false;
        return answer;
    }

    private static WhatHostHasSet* Find(nint watched) => watched == 0 ? null : HostCallbacks.Find((SSL_CTX*)watched);
}
