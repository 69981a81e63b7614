using System.Net;
using Microsoft.AspNetCore.Connections;

namespace OpenSslSessionCb;

/// <summary>A listener whose connections look ahead.</summary>
internal sealed class LookAheadConnectionListener(IConnectionListener inner, SessionCache cache) : IConnectionListener
{
    public EndPoint EndPoint => inner.EndPoint;

    public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
    {
        ConnectionContext? connection = await inner.AcceptAsync(cancellationToken).ConfigureAwait(false);
        if (connection is not null)
        {
            LookAheadTransport.PutInFrontOf(connection, cache);
        }

        return connection;
    }

    public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => inner.UnbindAsync(cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
