using System.Collections.Concurrent;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The places of the connections that are made from one context. Connections whose place is gone go on without the cache.
/// </summary>
internal sealed unsafe class ConnectionPlaces(SessionCacheOptions options, KnownIntermediates? known = null)
{
    // A host may make a store of CAs for each connection. Those places are forgotten together; what was learnt is learnt again.
    private const int Most = 1024;

    // Most servers have a few certificates, and load each once.
    private const int SeenSlots = 64;

    private readonly ConcurrentDictionary<(string Digest, ConnectionSetup Setup), ConnectionPlace> _all = new();

    // Certificates seen lately, each in a slot that its address says, so that it is not hashed for each connection.
    private readonly Seen?[] _seen = new Seen?[SeenSlots];

    /// <summary>Of the context that the connections are made from.</summary>
    internal CallbackState? State { get; set; }

    /// <summary>Where a connection stands as it is set up now.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="certificate">What it shows.</param>
    internal ConnectionPlace Of(SSL* ssl, X509* certificate)
    {
        ConnectionSetup setup = ConnectionSetup.Of(ssl, IsOff(LibSsl.SSL_get_SSL_CTX(ssl)));
        ref Seen? slot = ref _seen[(((nuint)certificate >> 5) ^ ((nuint)certificate >> 11) ^ (nuint)setup.VerifyMode) % SeenSlots];
        if (Volatile.Read(ref slot) is { } seen && seen.IsOf((nint)certificate, setup))
        {
            return seen.Place;
        }

        ConnectionPlace place = FindOrAdd(ssl, certificate, setup);
        Volatile.Write(ref slot, new Seen((nint)certificate, SafeCertificateHandle.Share(certificate), place));
        return place;
    }

    internal void Clear()
    {
        Array.Clear(_seen);
        foreach (((string, ConnectionSetup) key, _) in _all)
        {
            if (_all.TryRemove(key, out ConnectionPlace? place))
            {
                place.Dispose();
            }
        }
    }

    private bool IsOff(SSL_CTX* context)
    {
        // libssl gives out a session id in TLS 1.2 only where the context that the host has switched to has a cache. It stays so.
        // Without a cache and without tickets the host wants no resumption there.
        long mode = LibSsl.SSL_CTX_get_session_cache_mode(context);
        if ((mode & LibSsl.SSL_SESS_CACHE_SERVER) != 0)
        {
            return false;
        }

        if ((LibSsl.SSL_CTX_get_options(context) & LibSsl.SSL_OP_NO_TICKET) != 0)
        {
            return true;
        }

        if ((options.Manage & ManagedSettings.CacheMode) != 0)
        {
            LibSsl.SSL_CTX_set_session_cache_mode(context, (int)mode | LibSsl.SSL_SESS_CACHE_SERVER | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
        }

        return false;
    }

    private ConnectionPlace FindOrAdd(SSL* ssl, X509* certificate, in ConnectionSetup setup)
    {
        byte[] isolationContext = IsolationContext.Compute(certificate, setup.VerifyMode, options.Farm);
        (string, ConnectionSetup) key = (Convert.ToHexString(isolationContext), setup);
        if (_all.TryGetValue(key, out ConnectionPlace? place))
        {
            return place;
        }

        // Before the others go: the certificate may be held by one of them.
        var made = new ConnectionPlace(ssl, State, certificate, setup, isolationContext, known);
        if (_all.Count >= Most)
        {
            Clear();
        }

        // Before others can find it: they look it up by its number at once.
        if (State is not null)
        {
            ConnectionOrigins.Register(made);
        }

        place = _all.GetOrAdd(key, made);
        if (place != made)
        {
            made.Dispose();
        }

        return place;
    }

    /// <summary>A certificate that a connection showed, held, so that its address is its own for as long as this is remembered.</summary>
    private sealed record Seen(nint Address, SafeCertificateHandle Certificate, ConnectionPlace Place)
    {
        internal bool IsOf(nint certificate, in ConnectionSetup setup) =>
            Address == certificate && Place.Setup == setup && !Place.IsGone;
    }
}
