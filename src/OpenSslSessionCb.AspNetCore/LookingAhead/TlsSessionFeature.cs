using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace OpenSslSessionCb;

/// <summary>What a look ahead knows of its connection, as a feature; and as the tag <c>tls.resumed</c> of Kestrel's own metrics.</summary>
internal sealed class TlsSessionFeature : ITlsSessionFeature
{
    private const string Tag = "tls.resumed";

    private readonly ConnectionContext _connection;

    internal TlsSessionFeature(ConnectionContext connection, SessionCache cache)
    {
        _connection = connection;
        LookAhead = new SessionLookAhead(cache, AddTag);
    }

    public bool? Resumed => LookAhead.Resumed;

    public TimeSpan? HandshakeDuration => LookAhead.HandshakeDuration;

    internal SessionLookAhead LookAhead { get; }

    // Called while Kestrel awaits the handshake, so nobody else touches the connection's features. They have no tags where nobody
    // listens to kestrel.connection.duration.
    private void AddTag(SessionLookAhead lookAhead) =>
        _connection.Features.Get<IConnectionMetricsTagsFeature>()?.Tags.Add(new KeyValuePair<string, object?>(Tag, lookAhead.Resumed));
}
