using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb;

/// <summary>
/// Stands in front of the transport that Kestrel would take without it: the last one registered that can bind to the endpoint; sockets,
/// if there is none, because Kestrel adds those only to an app that has no transport yet.
/// </summary>
/// <remarks>Kestrel takes a transport that the app adds after AddOpenSslSessionCache before this one. Then nothing looks ahead.</remarks>
internal sealed class LookAheadConnectionListenerFactory(IServiceProvider services)
    : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly Lazy<IConnectionListenerFactory[]> _others = new(() => FindOthers(services));

    public bool CanBind(EndPoint endpoint) => _others.Value.Any(other => CanBind(other, endpoint));

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        IConnectionListenerFactory other = _others.Value.FirstOrDefault(other => CanBind(other, endpoint))
            ?? throw new NotSupportedException($"No transport of this app can listen on {endpoint}.");
        IConnectionListener listener = await other.BindAsync(endpoint, cancellationToken).ConfigureAwait(false);
        bool looksAhead = services.GetRequiredService<IOptions<OpenSslSessionCacheOptions>>().Value.LookAhead;
        SessionCache? cache = services.GetRequiredService<HostedSessionCache>().Cache;
        return looksAhead && cache is not null ? new LookAheadConnectionListener(listener, cache) : listener;
    }

    /// <summary>As Kestrel asks: a transport that cannot say may take all.</summary>
    private static bool CanBind(IConnectionListenerFactory factory, EndPoint endpoint) =>
        factory is not IConnectionListenerFactorySelector selector || selector.CanBind(endpoint);

    // When Kestrel binds, and not before: it makes this one together with the others.
    private static IConnectionListenerFactory[] FindOthers(IServiceProvider services)
    {
        IConnectionListenerFactory[] others = [.. services.GetServices<IConnectionListenerFactory>()
            .Where(static factory => factory is not LookAheadConnectionListenerFactory)
            .Reverse()];
        return others.Length > 0
            ? others
            : [new SocketTransportFactory(services.GetRequiredService<IOptions<SocketTransportOptions>>(),
                services.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance)];
    }
}
