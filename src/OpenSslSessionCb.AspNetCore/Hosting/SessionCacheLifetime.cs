using Microsoft.Extensions.Hosting;

namespace OpenSslSessionCb;

/// <summary>
/// Starting comes before any server's start, and Stopped after every server's stop, in whatever order they were added: so the
/// cache sees the first context, and has every session when it flushes.
/// </summary>
internal sealed class SessionCacheLifetime(HostedSessionCache cache) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken) => cache.StartAsync();

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => cache.DisposeAsync().AsTask();
}
