using Microsoft.Extensions.Diagnostics.HealthChecks;
using OpenSslSessionCb;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Says how the session cache's store is.</summary>
public static class OpenSslSessionCacheHealthChecksBuilderExtensions
{
    /// <summary>
    /// A check that says Degraded when the session store failed, was late or lost writes since the last check or in the last 30 seconds,
    /// with the counts. Never Unhealthy: without its store a node serves everybody, with full handshakes.
    /// </summary>
    /// <param name="builder">The app's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="tags">Tags to filter by.</param>
    /// <returns>The app's health checks.</returns>
    public static IHealthChecksBuilder AddOpenSslSessionCache(
        this IHealthChecksBuilder builder, string name = "openssl_session_cache", IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        OpenSslSessionCacheHealthCheck? check = null;
        return builder.Add(new HealthCheckRegistration(
            name,
            provider => LazyInitializer.EnsureInitialized(ref check, () => new OpenSslSessionCacheHealthCheck(
                provider.GetRequiredService<HostedSessionCache>(),
                provider.GetService<TimeProvider>() ?? TimeProvider.System)),
            HealthStatus.Degraded,
            tags));
    }
}
