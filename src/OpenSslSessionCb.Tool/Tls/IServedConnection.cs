using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>
/// A client's connection, whichever stack speaks TLS on it. What the client can cause is thrown as
/// <see cref="TlsFailedException"/>.
/// </summary>
internal interface IServedConnection : IDisposable
{
    /// <summary>What libssl says of it. After the handshake.</summary>
    TlsFacts Facts { get; }

    ValueTask HandshakeAsync(CancellationToken cancellationToken);

    /// <summary>0: the client has closed.</summary>
    ValueTask<int> ReadAsync(Memory<byte> destination, CancellationToken cancellationToken);

    ValueTask WriteAsync(ReadOnlyMemory<byte> source);

    /// <summary>Says goodbye, and lets the client hang up first for as long as the patience lasts. Never throws.</summary>
    ValueTask CloseAsync(TimeSpan patience);
}
