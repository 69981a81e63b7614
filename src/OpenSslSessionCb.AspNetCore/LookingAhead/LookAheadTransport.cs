using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace OpenSslSessionCb;

/// <summary>The transport of a connection, with a look ahead in front of its input. Its output is untouched.</summary>
internal sealed class LookAheadTransport : IDuplexPipe
{
    private LookAheadTransport(IDuplexPipe inner, SessionLookAhead lookAhead)
    {
        Input = new LookAheadPipeReader(inner.Input, lookAhead);
        Output = inner.Output;
    }

    public PipeReader Input { get; }

    public PipeWriter Output { get; }

    /// <summary>Before Kestrel has read of the connection.</summary>
    internal static void PutInFrontOf(ConnectionContext connection, SessionCache cache)
    {
        var feature = new TlsSessionFeature(connection, cache);
        connection.Features.Set<ITlsSessionFeature>(feature);
        connection.Transport = new LookAheadTransport(connection.Transport, feature.LookAhead);
    }
}
