using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace OpenSslSessionCb;

/// <summary>
/// The meter <c>OpenSslSessionCb</c>: reads the cache's counters when somebody collects, so that a handshake pays nothing for it.
/// docs/metrics.md lists it.
/// </summary>
internal sealed class SessionCacheMeter : IDisposable
{
    internal const string Name = "OpenSslSessionCb";

    private readonly Meter _meter;
    private readonly bool _isOwn;
    private readonly KeyValuePair<string, object?> _farm;
    private readonly Histogram<double> _lookupDuration;
    private readonly SessionCacheCounters _counters;

    /// <param name="options">The farm's name, which is an attribute of everything, and the factory.</param>
    /// <param name="counters">What is read.</param>
    /// <param name="queued">How many writes wait.</param>
    /// <param name="near">How many sessions are at hand.</param>
    /// <param name="isStoreAway">Whether the breaker is open.</param>
    internal SessionCacheMeter(
        SessionCacheOptions options, SessionCacheCounters counters, Func<int> queued, Func<int> near, Func<bool> isStoreAway)
    {
        _counters = counters;
        _farm = new("openssl.session.farm", options.Farm);
        _isOwn = options.MeterFactory is null;
        _meter = options.MeterFactory?.Create(Name) ?? new Meter(Name);
        _meter.CreateObservableCounter(
            "openssl.session.created", () => Of(_counters.New.Count()), "{session}", "Sessions that libssl announced.");
        _meter.CreateObservableCounter(
            "openssl.session.not_kept", () => Of(_counters.NotKept.Count()), "{session}", "Sessions that were announced but not kept.");
        _meter.CreateObservableCounter(
            "openssl.session.lookups", Lookups, "{lookup}", "Sessions that libssl asked for, by result and reason.");
        _lookupDuration = _meter.CreateHistogram(
            "openssl.session.store.lookup.duration",
            "s",
            "How long lookups waited for the store.",
            advice: new InstrumentAdvice<double>
            {
                HistogramBucketBoundaries = [0.00001, 0.00005, 0.0001, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1],
            });
        _meter.CreateObservableCounter(
            "openssl.session.store.puts", () => Of(_counters.Puts.Count()), "{record}", "Records that the store took.");
        _meter.CreateObservableCounter(
            "openssl.session.removals", Removals, "{session}", "Sessions that were removed before their time, by reason.");
        _meter.CreateObservableCounter(
            "openssl.session.errors", () => Of(_counters.Errors.Count()), "{error}", "Calls to the store that failed.");
        _meter.CreateObservableUpDownCounter(
            "openssl.session.write_queue.length", () => Of(queued()), "{write}", "Writes that the store has not confirmed yet.");
        _meter.CreateObservableCounter(
            "openssl.session.write_queue.dropped", () => Of(_counters.Dropped.Count()), "{write}", "Writes that were dropped.");
        _meter.CreateObservableUpDownCounter("openssl.session.near_cache.size", () => Of(near()), "{session}", "Decoded sessions at hand.");
        _meter.CreateObservableGauge(
            "openssl.session.breaker.open", () => Of(isStoreAway() ? 1 : 0), "1", "1 while the store is left alone, else 0.");
    }

    /// <summary>A wait for the store has ended.</summary>
    internal void Record(LookupOutcome outcome, long start)
    {
        if (_lookupDuration.Enabled)
        {
            _lookupDuration.Record(
                Stopwatch.GetElapsedTime(start).TotalSeconds, _farm, new("openssl.session.lookup.reason", ReasonOf(outcome)));
        }
    }

    /// <summary>A factory's meter is the factory's.</summary>
    public void Dispose()
    {
        if (_isOwn)
        {
            _meter.Dispose();
        }
    }

    private static string ReasonOf(LookupOutcome outcome) => outcome switch
    {
        LookupOutcome.Found => "store",
        LookupOutcome.Late => "late",
        LookupOutcome.Failed => "failed",
        LookupOutcome.StoreAway => "store_away",
        _ => "absent",
    };

    private static string ReasonOf(RecordProblem problem) => problem switch
    {
        RecordProblem.TooLong => "too_long",
        RecordProblem.NotARecord => "not_a_record",
        RecordProblem.NotSealed => "not_sealed",
        RecordProblem.UnknownKey => "unknown_key",
        RecordProblem.Forged => "forged",
        RecordProblem.Expired => "expired",
        RecordProblem.OtherScope => "other_scope",
        RecordProblem.OtherHostName => "other_host_name",
        RecordProblem.OtherTerms => "other_terms",
        RecordProblem.NoClientCertificate => "no_client_certificate",
        RecordProblem.ClientNotAccepted => "client_not_accepted",
        RecordProblem.ClientChain => "client_chain",
        RecordProblem.Removed => "removed",
        RecordProblem.HostRefused => "host_refused",
        _ => "unreadable",
    };

    private IEnumerable<Measurement<long>> Lookups()
    {
        yield return Lookup("hit", "near_cache", _counters.NearHits.Count());
        yield return Lookup("hit", ReasonOf(LookupOutcome.Found), _counters.StoreHits.Count());
        yield return Lookup("miss", ReasonOf(LookupOutcome.Absent), _counters.Absent.Count());
        yield return Lookup("miss", ReasonOf(LookupOutcome.Late), _counters.Late.Count());
        yield return Lookup("miss", ReasonOf(LookupOutcome.StoreAway), _counters.StoreAway.Count());
        yield return Lookup("miss", ReasonOf(LookupOutcome.Failed), _counters.StoreFailed.Count());
        yield return Lookup("miss", "foreign_id", _counters.ForeignIds.Count());
        yield return Lookup("miss", "over_budget", _counters.OverBudget.Count());
        foreach (RecordProblem problem in Enum.GetValues<RecordProblem>())
        {
            if (problem != RecordProblem.None)
            {
                yield return Lookup("miss", ReasonOf(problem), _counters.Rejected(problem));
            }
        }
    }

    private IEnumerable<Measurement<long>> Removals()
    {
        yield return Removal("fatal_alert", _counters.RemovedAfterAlert.Count());
        yield return Removal("host", _counters.RemovedByHost.Count());
        yield return Removal("turned_away", _counters.TurnedAway.Count());
    }

    private Measurement<long> Of(long value) => new(value, _farm);

    private Measurement<long> Lookup(string result, string reason, long value) =>
        new(value, _farm, new("openssl.session.lookup.result", result), new("openssl.session.lookup.reason", reason));

    private Measurement<long> Removal(string reason, long value) => new(value, _farm, new("openssl.session.removal.reason", reason));
}
