using BitFaster.Caching.Counters;

namespace OpenSslSessionCb;

/// <summary>The cache's counters. Each is striped, so that cores do not fight over one cache line.</summary>
internal sealed class SessionCacheCounters
{
    private readonly Counter[] _rejected = [.. Enum.GetValues<RecordProblem>().Select(static _ => new Counter())];

    internal Counter New { get; } = new();

    internal Counter Get { get; } = new();

    internal Counter NearHits { get; } = new();

    internal Counter StoreHits { get; } = new();

    internal Counter Absent { get; } = new();

    internal Counter Late { get; } = new();

    internal Counter StoreAway { get; } = new();

    internal Counter StoreFailed { get; } = new();

    internal Counter ForeignIds { get; } = new();

    internal Counter OverBudget { get; } = new();

    internal Counter RemovedAfterAlert { get; } = new();

    internal Counter RemovedByHost { get; } = new();

    internal Counter TurnedAway { get; } = new();

    internal Counter Puts { get; } = new();

    internal Counter NotKept { get; } = new();

    internal Counter Errors { get; } = new();

    internal Counter Dropped { get; } = new();

    internal void Reject(RecordProblem problem) => _rejected[(int)problem].Increment();

    internal long Rejected(RecordProblem problem) => _rejected[(int)problem].Count();

    /// <summary>Why the store gave nothing.</summary>
    internal void Miss(LookupOutcome outcome)
    {
        Counter counter = outcome switch
        {
            LookupOutcome.Late => Late,
            LookupOutcome.StoreAway => StoreAway,
            LookupOutcome.Failed => StoreFailed,
            _ => Absent,
        };
        counter.Increment();
    }

    internal SessionCacheStatistics Read(int queued, int near, long failures, bool isStoreAway)
    {
        // Hits before gets: a get that comes in between must not make the misses negative.
        long hits = NearHits.Count() + StoreHits.Count();
        long get = Get.Count();
        long turnedAway = TurnedAway.Count();
        var byReason = new Dictionary<string, long>();
        foreach (RecordProblem problem in Enum.GetValues<RecordProblem>())
        {
            if (problem != RecordProblem.None)
            {
                byReason[problem.ToString()] = _rejected[(int)problem].Count();
            }
        }

        return new SessionCacheStatistics
        {
            New = New.Count(),
            Get = get,
            Hits = hits,
            NearHits = NearHits.Count(),
            Misses = get - hits,
            Late = Late.Count() + StoreAway.Count(),
            IsStoreAway = isStoreAway,
            ForeignIds = ForeignIds.Count(),
            OverBudget = OverBudget.Count(),
            Removed = RemovedAfterAlert.Count() + RemovedByHost.Count() + turnedAway,
            TurnedAway = turnedAway,
            NotKept = NotKept.Count(),
            RejectedByReason = byReason,
            Rejected = byReason.Values.Sum(),
            Errors = Errors.Count() + failures,
            Queued = queued,
            Dropped = Dropped.Count(),
            NearCacheCount = near,
        };
    }
}
