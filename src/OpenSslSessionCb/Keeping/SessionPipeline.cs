using System.Diagnostics;
using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>The way of one session: in by new, out by get, gone by remove; the same for every context and every store.</summary>
internal sealed partial class SessionPipeline
{
    private readonly SessionCacheOptions _options;
    private readonly SessionCacheCounters _counters;
    private readonly NearCache _near;
    private readonly StoreLookups _lookups;
    private readonly WriteQueue _writes;
    private readonly RecordCodec _records;
    private readonly AnnouncedSessions _announced;
    private readonly ResumptionCheck _check;
    private readonly RemovedSessions _removed;
    private readonly SessionIdMac? _ids;

    internal SessionPipeline(SessionCacheOptions options,
        SessionCacheCounters counters, NearCache near, StoreLookups lookups, WriteQueue writes, RecordCodec records, FarmName farm)
    {
        _options = options;
        _counters = counters;
        _near = near;
        _lookups = lookups;
        _writes = writes;
        _records = records;
        _announced = new AnnouncedSessions(near);
        _check = new ResumptionCheck(options);
        _removed = new RemovedSessions(options.TimeProvider);
        _ids = options.MakesSessionIds ? new SessionIdMac(options.KeyRing!, farm) : null;
    }

    /// <summary>Whether the host sets the session id contexts.</summary>
    internal bool LeavesIdContexts => (_options.Manage & ManagedSettings.SessionIdContext) == 0;

    private long NowUnixMilliseconds => _options.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Called by libssl's thread in the new callback: copies the session, and leaves the rest to the writer. False: it is not kept.
    /// </summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="session">The session that libssl announces.</param>
    /// <param name="place">Where the connection has come to stand.</param>
    internal bool Keep(SslRef ssl, SslSessionRef session, ConnectionPlace place)
    {
        _counters.New.Increment();
        bool isTls13 = session.ProtocolVersion == TlsProtocolVersion.Tls13;
        if (!SessionAdmission.IsWorthKeeping(ssl, session) || !HostTickets.TryMake(ssl, place.WatchedContext, isTls13)
            || !SessionAdmission.TryFindClient(ssl, session, place, _options, out ClientVerification? client))
        {
            _counters.NotKept.Increment();
            return false;
        }

        var fields = SessionLifetime.Of(ssl, session, _options);
        long expires = fields.Expires.ToUnixTimeMilliseconds();
        long now = NowUnixMilliseconds;
        // What the host keeps on a session does not go with it to other processes, and where it is left behind not even to the next
        // connection: whoever misses it there may let in whom the host would not.
        bool hasHostData = HostData.IsOn(session);
        SessionPrototype? prototype = expires > now && !(hasHostData && (_options.LeavesHostData || !_near.IsUsed))
            ? SessionPrototype.CopyOf(session, ssl, fields.Origin, client, _options.LeavesHostData)
            : null;
        if (prototype is null)
        {
            _counters.NotKept.Increment();
            return false;
        }

        SslSessionId id = session.Id;
        bool isKept = (LeavesIdContexts || prototype.TrySetIdContext(place.IsolationContext))
            && TryPutNear(id, prototype, place.IsolationContext, NearExpiry(expires, now), _near.Ring);
        if (isKept)
        {
            if (client is not null && place.Demand is { } demand && !ssl.IsResumed)
            {
                // The host has just judged this client itself. Those that are renewed share the answer with the first.
                demand.NoteAccepted(ssl, client, now + (long)_options.ReverifyInterval.TotalMilliseconds);
            }

            _announced.Add(id);
            if (!hasHostData)
            {
                Queue(new WriteOperation(id, place.IsolationContext, prototype, fields));
            }
        }

        prototype.ReleaseFirst();
        return isKept;
    }

    /// <summary>A session that was announced, and that nobody may resume.</summary>
    internal void DoNotKeep()
    {
        _counters.New.Increment();
        _counters.NotKept.Increment();
    }

    /// <summary>Whether the client of a session that is resumed already would be accepted where its connection stands now.</summary>
    internal bool IsClientAccepted(SslRef ssl, ConnectionPlace place) => _check.IsClientAccepted(ssl, place, NowUnixMilliseconds);

    /// <summary>Called by libssl's thread in the get callback. A session that libssl will own, or 0.</summary>
    /// <param name="ssl">The connection.</param>
    /// <param name="id">What its client offers.</param>
    /// <param name="end">Where the connection will stand when its handshake is done.</param>
    internal nint Find(SslRef ssl, SslSessionId id, in ConnectionEnd end)
    {
        _counters.Get.Increment();
        if (!HandshakeBudget.TryCountId(ssl))
        {
            _counters.OverBudget.Increment();
            return 0;
        }

        if (_removed.Contains(id))
        {
            _counters.Reject(RecordProblem.Removed);
            return 0;
        }

        long now = NowUnixMilliseconds;
        ReadOnlySpan<byte> hostName = ClientHelloHostName.Find(ssl);
        if (_near.Find(id, now) is { } entry && entry.Session.TryShare())
        {
            try
            {
                // If it is of no use here, its record in the store is of none either: it is not asked for.
                nint session = GiveOut(ssl, id, hostName, end, entry.IsolationContext, entry.Session, now);
                if (session != 0)
                {
                    _counters.NearHits.Increment();
                }

                return session;
            }
            finally
            {
                entry.Session.Release();
            }
        }

        if (_ids is not null && !_ids.IsGenuine(id))
        {
            _counters.ForeignIds.Increment();
            return 0;
        }

        if (!HandshakeBudget.TryCountLookup(ssl, id))
        {
            _counters.OverBudget.Increment();
            return 0;
        }

        nint found = LookUp(ssl, id, hostName, end, now);
        if (found == 0)
        {
            HandshakeBudget.RememberMiss(ssl, id);
            return 0;
        }

        _counters.StoreHits.Increment();
        return found;
    }

    /// <summary>
    /// The question that libssl will put to the store if a client offers this id; null: it will put none.
    /// </summary>
    internal SessionStoreKey? QuestionAbout(SslSessionId id) =>
        !_lookups.MayWait || (_ids is not null && !_ids.IsGenuine(id)) || _removed.Contains(id)
            || _near.Find(id, NowUnixMilliseconds) is not null
            ? null
            : _records.KeyOf(id);

    /// <summary>Called by libssl's thread when a new session needs an id; false: any id will do.</summary>
    internal bool TryMakeId(Span<byte> id)
    {
        if (_ids is null || id.Length != SessionIdMac.IdLength)
        {
            return false;
        }

        _ids.Fill(id);
        return true;
    }

    /// <summary>Everything on the way of a lookup, once, with an id that nobody has.</summary>
    internal async Task WarmUpAsync(ISessionStore store)
    {
        try
        {
            var random = new byte[SslSessionId.MaxLength];
            RandomNumberGenerator.Fill(random);
            var id = new SslSessionId(random);
            _ = _ids?.IsGenuine(id);
            _ = _near.Find(id, NowUnixMilliseconds);
            _ = _records.TryDecode(random, id, out _, out _, out _);

            // Not by way of the breaker at first: connecting may take longer than the deadline, and is no failure yet.
            SessionStoreKey key = _records.KeyOf(id);
            _ = await store.GetAsync(key).ConfigureAwait(false);
            _ = _lookups.Get(key, _options.LookupDeadline);
            await _lookups.AskAheadAsync(key).ConfigureAwait(false);
        }
        catch (Exception)
        {
            // The store is away. The first lookup will find that out too, and say so.
        }
    }

    private nint LookUp(SslRef ssl, SslSessionId id, ReadOnlySpan<byte> hostName, in ConnectionEnd end, long now)
    {
        long ring = _near.Ring;
        long start = Stopwatch.GetTimestamp();
        LookupAnswer answer = _lookups.Get(_records.KeyOf(id), HandshakeBudget.Left(ssl, _options.LookupDeadline));
        HandshakeBudget.Spend(ssl, Stopwatch.GetElapsedTime(start));
        if (answer.Record is not { } record)
        {
            _counters.Miss(answer.Outcome);
            return 0;
        }

        RecordProblem problem = _records.TryDecode(
            record, id, out SessionPrototype? prototype, out byte[] isolationContext, out RecordFields fields);
        if (_options.KeyRing is null)
        {
            // The copy that an in-process store gave is this call's alone, and holds the session in clear.
            CryptographicOperations.ZeroMemory(record);
        }

        if (prototype is null)
        {
            _counters.Reject(problem);
            return 0;
        }

        long nearExpiry = NearExpiry(fields.Expires.ToUnixTimeMilliseconds(), now);
        nint session = TryPutNear(id, prototype, isolationContext, nearExpiry, ring)
            ? GiveOut(ssl, id, hostName, end, isolationContext, prototype, now)
            : 0;
        prototype.ReleaseFirst();
        return session;
    }

    /// <summary>A copy for libssl to own, or 0: this connection may not have the session. For a user of it.</summary>
    private nint GiveOut(SslRef ssl, SslSessionId id, ReadOnlySpan<byte> hostName, in ConnectionEnd end,
        byte[] isolationContext, SessionPrototype session, long now)
    {
        RecordProblem problem = _check.Find(ssl, hostName, end, isolationContext, session, now);
        if (problem != RecordProblem.None)
        {
            if (problem == RecordProblem.ClientNotAccepted)
            {
                // Asking OpenSSL costs the most of all: once in a handshake.
                HandshakeBudget.Exhaust(ssl);
            }

            _counters.Reject(problem);
            return 0;
        }

        nint copy = session.TryDuplicate(ssl);
        if (copy != 0 && !HostTickets.AcceptOrFree(ssl, end.Place.WatchedContext, copy, session.Maker))
        {
            _counters.Reject(RecordProblem.HostRefused);
            return 0;
        }

        if (copy != 0)
        {
            _announced.Add(id);
        }

        return copy;
    }

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
