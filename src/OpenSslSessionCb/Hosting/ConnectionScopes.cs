using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The scopes of the connections that are made from one context. Connections whose scope is gone go on without the cache.
/// </summary>
internal sealed unsafe class ConnectionScopes(SessionCacheOptions options, AttachedContexts contexts)
{
    // A host may make a context for each connection, and switch to it.
    private const int Most = 4096;

    private readonly ConcurrentDictionary<(nint Context, nint Certificate, int VerifyMode), ConnectionScope> _all = new();

    // Most servers have one certificate.
    private volatile ConnectionScope? _last;

    /// <summary>Of the context that the connections are made from.</summary>
    internal CallbackState? State { get; set; }

    internal IEnumerable<ConnectionScope> All => _all.Values;

    /// <summary>Where a connection belongs as it is set up now.</summary>
    internal ConnectionScope Of(SSL* ssl, X509* certificate)
    {
        SSL_CTX* context = LibSsl.SSL_get_SSL_CTX(ssl);
        int verifyMode = LibSsl.SSL_get_verify_mode(ssl);
        if (_last is { } last && last.IsOf((nint)context, (nint)certificate, verifyMode))
        {
            return last;
        }

        (nint, nint, int) key = ((nint)context, (nint)certificate, verifyMode);
        return _last = _all.TryGetValue(key, out ConnectionScope? scope) ? scope : AddScope(key, context, certificate, verifyMode);
    }

    internal void Clear()
    {
        foreach (((nint, nint, int) key, _) in _all)
        {
            if (_all.TryRemove(key, out ConnectionScope? scope))
            {
                scope.Dispose();
            }
        }
    }

    private ConnectionScope AddScope((nint, nint, int) key, SSL_CTX* context, X509* certificate, int verifyMode)
    {
        if (_all.Count >= Most)
        {
            Clear();
        }

        // libssl gives out a session id in TLS 1.2 only where the context that the host has switched to has a cache. It stays so.
        // Without a cache and without tickets the host wants no resumption there.
        long mode = LibSsl.SSL_CTX_get_session_cache_mode(context);
        bool hasCache = (mode & LibSsl.SSL_SESS_CACHE_SERVER) != 0;
        bool isOff = !hasCache && (LibSsl.SSL_CTX_get_options(context) & LibSsl.SSL_OP_NO_TICKET) != 0;
        if (!hasCache && !isOff && options.Manage.HasFlag(ManagedSettings.CacheMode))
        {
            LibSsl.SSL_CTX_set_session_cache_mode(context, (int)mode | LibSsl.SSL_SESS_CACHE_SERVER | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
        }

        byte[] isolationContext = contexts.Intern(IsolationContext.Compute(certificate, verifyMode, context, options.Farm));
        var made = new ConnectionScope(State!, isolationContext, (nint)context, certificate, verifyMode) { IsOff = isOff };
        ConnectionScope scope = _all.GetOrAdd(key, made);
        if (scope != made)
        {
            made.Dispose();
        }

        return scope;
    }
}
