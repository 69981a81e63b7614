using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Puts a context's settings as the cache needs them, and puts back what can be read back.</summary>
internal sealed unsafe class ContextSettings
{
    private readonly long? _cacheMode;
    private readonly bool _setNoTicket;
    private readonly nuint? _tickets;
    private readonly bool _makesIds;

    private ContextSettings(long? cacheMode, bool setNoTicket, nuint? tickets, bool makesIds)
    {
        _cacheMode = cacheMode;
        _setNoTicket = setNoTicket;
        _tickets = tickets;
        _makesIds = makesIds;
    }

    internal static ContextSettings Apply(nint sslCtx, SessionCacheOptions options, ReadOnlySpan<byte> sessionIdContext)
    {
        var ctx = (SSL_CTX*)sslCtx;
        ManagedSettings managed = options.Manage;
        using ErrorMark mark = ErrorMark.Set();
        if (managed.HasFlag(ManagedSettings.SessionIdContext))
        {
            fixed (byte* bytes = sessionIdContext)
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_CTX_set_session_id_context(ctx, bytes, (uint)sessionIdContext.Length), mark);
            }
        }

        long? cacheMode = null;
        if (managed.HasFlag(ManagedSettings.CacheMode))
        {
            // What the host wants of its client connections stays: only the server's bits are ours.
            long before = LibSsl.SSL_CTX_get_session_cache_mode(ctx);
            int mode = ((int)before & LibSsl.SSL_SESS_CACHE_CLIENT) | LibSsl.SSL_SESS_CACHE_SERVER | LibSsl.SSL_SESS_CACHE_NO_INTERNAL;
            LibSsl.SSL_CTX_set_session_cache_mode(ctx, mode);
            cacheMode = before;
        }

        bool setNoTicket = managed.HasFlag(ManagedSettings.Stateful) && (LibSsl.SSL_CTX_get_options(ctx) & LibSsl.SSL_OP_NO_TICKET) == 0;
        if (setNoTicket)
        {
            LibSsl.SSL_CTX_set_options(ctx, LibSsl.SSL_OP_NO_TICKET);
        }

        nuint? tickets = null;
        if (managed.HasFlag(ManagedSettings.Tickets))
        {
            tickets = LibSsl.SSL_CTX_get_num_tickets(ctx);
            OpenSslException.ThrowIfFailed(LibSsl.SSL_CTX_set_num_tickets(ctx, (nuint)options.Tickets), mark);
        }

        if (options.MakesSessionIds)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_CTX_set_generate_session_id(ctx, SessionIdTrampoline.Function), mark);
        }

        return new ContextSettings(cacheMode, setNoTicket, tickets, options.MakesSessionIds);
    }

    /// <summary>The caller sees to it that the context is alive.</summary>
    internal void PutBack(nint sslCtx)
    {
        var ctx = (SSL_CTX*)sslCtx;
        if (_cacheMode is { } mode)
        {
            LibSsl.SSL_CTX_set_session_cache_mode(ctx, (int)mode);
        }

        if (_setNoTicket)
        {
            LibSsl.SSL_CTX_clear_options(ctx, LibSsl.SSL_OP_NO_TICKET);
        }

        if (_tickets is { } tickets)
        {
            _ = LibSsl.SSL_CTX_set_num_tickets(ctx, tickets);
        }

        if (_makesIds)
        {
            // Under libssl's own lock, and read under it: NULL is safe here with handshakes in flight.
            _ = LibSsl.SSL_CTX_set_generate_session_id(ctx, null);
        }
    }
}
