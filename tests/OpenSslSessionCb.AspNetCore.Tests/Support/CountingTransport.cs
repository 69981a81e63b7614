using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>A transport of an app's own: sockets, counted.</summary>
internal sealed class CountingTransport(bool canBind) : IConnectionListenerFactory, IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _sockets = new(Options.Create(new SocketTransportOptions()), NullLoggerFactory.Instance);

    internal int Bound { get; private set; }

    public bool CanBind(EndPoint endpoint) => canBind;

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        Bound++;
        return _sockets.BindAsync(endpoint, cancellationToken);
    }
}
