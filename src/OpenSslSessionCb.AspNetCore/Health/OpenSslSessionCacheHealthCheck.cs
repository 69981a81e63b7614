using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OpenSslSessionCb;

/// <summary>
/// Degraded when the store failed, was late or lost writes since the last check or in the last half minute. Never Unhealthy: clients
/// get full handshakes meanwhile, and a node taken out of service for that would only make more of them.
/// </summary>
internal sealed class OpenSslSessionCacheHealthCheck(HostedSessionCache hosted, TimeProvider time) : IHealthCheck
{
    // So that each of several callers sees a failure, and not only the one that comes first.
    private static readonly TimeSpan s_memory = TimeSpan.FromSeconds(30);

    private readonly Lock _gate = new();
    private StoreTrouble _seen;
    private StoreTrouble _recent;
    private long _recentAt;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (hosted.Cache is not { } cache)
        {
            return Task.FromResult(HealthCheckResult.Healthy(
                "TLS sessions are not shared: the host has not started yet, or SslStream is not OpenSSL on this system."));
        }

        SessionCacheStatistics now = cache.Statistics;
        StoreTrouble lately = Lately(new StoreTrouble(now.Errors, now.Late, now.Dropped));
        IReadOnlyDictionary<string, object> counts = Counts(lately, now);
        return Task.FromResult(lately == default
            ? HealthCheckResult.Healthy("TLS sessions are shared.", counts)
            : HealthCheckResult.Degraded(
                "The session store failed, was late or lost writes lately; clients get full handshakes instead of resumed ones.",
                data: counts));
    }

    private static Dictionary<string, object> Counts(StoreTrouble lately, SessionCacheStatistics now) => new()
    {
        ["errors"] = lately.Errors,
        ["late"] = lately.Late,
        ["dropped"] = lately.Dropped,
        ["total_errors"] = now.Errors,
        ["total_late"] = now.Late,
        ["total_dropped"] = now.Dropped,
        ["new"] = now.New,
        ["get"] = now.Get,
        ["hits"] = now.Hits,
        ["misses"] = now.Misses,
        ["queued"] = now.Queued,
    };

    private StoreTrouble Lately(StoreTrouble total)
    {
        lock (_gate)
        {
            if (_recent != default && time.GetElapsedTime(_recentAt) >= s_memory)
            {
                _recent = default;
            }

            StoreTrouble added = total - _seen;
            _seen = total;
            if (added != default)
            {
                _recent += added;
                _recentAt = time.GetTimestamp();
            }

            return _recent;
        }
    }
}
