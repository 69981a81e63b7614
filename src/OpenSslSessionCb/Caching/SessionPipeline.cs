using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>The way of one session: in by new, out by get, gone by remove; the same for every context and every store.</summary>
internal sealed class SessionPipeline
{
    private readonly SessionCacheOptions _options;
    private readonly SessionCacheCounters _counters;
    private readonly NearCache _near;
    private readonly StoreLookups _lookups;
    private readonly WriteQueue _writes;
    private readonly RecordCodec _records;
    private readonly SessionIdMac? _ids;

    internal SessionPipeline(SessionCacheOptions options,
        SessionCacheCounters counters, NearCache near, StoreLookups lookups, WriteQueue writes, RecordCodec records)
    {
        _options = options;
        _counters = counters;
        _near = near;
        _lookups = lookups;
        _writes = writes;
        _records = records;
        _ids = options.MakesSessionIds ? new SessionIdMac(options.KeyRing!) : null;
    }

    private long NowUnixMilliseconds => _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Called by libssl's thread in the new callback: copies the session, and leaves the rest to the writer.</summary>
    internal void Keep(SslRef ssl, SslSessionRef session, byte[] isolationContext)
    {
        _counters.New.Increment();
        if (!SessionAdmission.IsWorthKeeping(ssl, session) || !IsOf(session, isolationContext))
        {
            _counters.NotKept.Increment();
            return;
        }

        var fields = SessionLifetime.Of(ssl, session, _options);
        long expires = fields.Expires.ToUnixTimeMilliseconds();
        long now = NowUnixMilliseconds;
        SessionPrototype? prototype = expires > now ? SessionPrototype.CopyOf(session, ssl, fields.Origin, _options.LeavesHostData) : null;
        if (prototype is null)
        {
            _counters.NotKept.Increment();
            return;
        }

        SslSessionId id = session.Id;
        _near.Put(id, prototype, isolationContext, NearExpiry(expires, now));
        Queue(new WriteOperation(id, isolationContext, prototype, fields));
        prototype.ReleaseFirst();
    }

    /// <summary>Called by libssl's thread in the get callback. A session that libssl will own, or 0.</summary>
    internal nint Find(SslRef ssl, SslSessionId id, byte[] isolationContext)
    {
        _counters.Get.Increment();
        long now = NowUnixMilliseconds;
        ReadOnlySpan<byte> hostName = ClientHelloHostName.Find(ssl);
        nint session = _near.TryDuplicate(ssl, id, hostName, isolationContext, now);
        if (session != 0)
        {
            _counters.NearHits.Increment();
            return session;
        }

        if (_ids is not null && !_ids.IsGenuine(id, isolationContext))
        {
            _counters.ForeignIds.Increment();
            return 0;
        }

        LookupAnswer answer = _lookups.Get(_records.KeyOf(isolationContext, id));
        if (answer.Record is not { } record)
        {
            _counters.Miss(answer.Outcome);
            return 0;
        }

        session = Open(ssl, record, id, hostName, isolationContext, now);
        if (_options.KeyRing is null)
        {
            // The copy that an in-process store gave is this call's alone, and holds the session in clear.
            CryptographicOperations.ZeroMemory(record);
        }

        if (session != 0)
        {
            _counters.StoreHits.Increment();
        }

        return session;
    }

    /// <summary>
    /// The question that libssl will put to the store if a client offers this id under this isolation
    /// context; null: it will put none.
    /// </summary>
    internal SessionStoreKey? QuestionAbout(SslSessionId id, byte[] isolationContext)
    {
        bool isForeign = _ids is not null && !_ids.IsGenuine(id, isolationContext);
        return !_lookups.MayWait || isForeign || _near.Has(id, isolationContext, NowUnixMilliseconds)
            ? null
            : _records.KeyOf(isolationContext, id);
    }

    /// <summary>Called by libssl's thread when a new session needs an id; false: any id will do.</summary>
    internal bool TryMakeId(Span<byte> id, byte[] isolationContext)
    {
        if (_ids is null || id.Length != SessionIdMac.IdLength)
        {
            return false;
        }

        _ids.Fill(id, isolationContext);
        return true;
    }

    /// <summary>Called by libssl's thread in the remove callback, perhaps under the context's lock.</summary>
    internal void RemoveAfterAlert(SslSessionId id, byte[] isolationContext)
    {
        _counters.RemovedAfterAlert.Increment();
        Remove(id, isolationContext);
    }

    /// <summary>Called by the host, or by libssl's thread.</summary>
    internal void Remove(SslSessionId id, byte[] isolationContext)
    {
        _near.Remove(id);
        if (_lookups.KnowsAnything)
        {
            _lookups.Forget(_records.KeyOf(isolationContext, id));
        }

        Queue(new WriteOperation(id, isolationContext, null, default));
    }

    /// <summary>Everything on the way of a lookup, once, with an id that nobody has.</summary>
    internal async Task WarmUpAsync(ISessionStore store)
    {
        try
        {
            var random = new byte[SslSessionId.MaxLength];
            RandomNumberGenerator.Fill(random);
            var id = new SslSessionId(random);
            var isolationContext = new byte[LibCryptoHash.Length];
            _ = _ids?.IsGenuine(id, isolationContext);
            _ = _near.TryDuplicate(default, id, default, isolationContext, NowUnixMilliseconds);
            _ = _records.TryDecode(random, id, isolationContext, out _, out _);

            // Not by way of the breaker at first: connecting may take longer than the deadline, and is no failure yet.
            SessionStoreKey key = _records.KeyOf(isolationContext, id);
            _ = await store.GetAsync(key).ConfigureAwait(false);
            _ = _lookups.Get(key);
            await _lookups.AskAheadAsync(key).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The store is away. The first lookup will find that out too, and say so.
        }
    }

    private nint Open(SslRef ssl, byte[] record, SslSessionId id, ReadOnlySpan<byte> hostName, byte[] isolationContext, long now)
    {
        RecordProblem problem = _records.TryDecode(record, id, isolationContext, out SessionPrototype? prototype, out RecordFields fields);
        if (prototype is null)
        {
            _counters.Reject(problem);
            return 0;
        }

        if (!prototype.IsFor(hostName))
        {
            prototype.ReleaseFirst();
            _counters.Reject(RecordProblem.OtherHostName);
            return 0;
        }

        nint session = prototype.TryDuplicate(ssl, hostName);
        _near.Put(id, prototype, isolationContext, NearExpiry(fields.Expires.ToUnixTimeMilliseconds(), now));
        prototype.ReleaseFirst();
        return session;
    }

    // A connection that SNI moved to another context may bring a session that belongs elsewhere (its session id
    // context was set before the move): under this context nobody could find it again.
    private bool IsOf(SslSessionRef session, byte[] isolationContext) =>
        !_options.Manage.HasFlag(ManagedSettings.SessionIdContext) || session.IdContext.SequenceEqual(isolationContext);

    private long NearExpiry(long expires, long now) => Math.Min(expires, now + (long)_options.NearCacheLifetime.TotalMilliseconds);

    private void Queue(WriteOperation operation)
    {
        if (operation.Session is { } session && !session.TryShare())
        {
            return;
        }

        if (!_writes.TryAdd(operation))
        {
            operation.Session?.Release();
            _counters.Dropped.Increment();
        }
    }
}
