using OpenSslSessionCb.Tool.Commands;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>What sesscb check was asked to do.</summary>
internal sealed record CheckOptions(IReadOnlyList<PeerAddress> Peers, string? HostName, TimeSpan Timeout);
