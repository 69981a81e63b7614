using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>What sesscb check was asked to do.</summary>
/// <param name="Peers">The servers.</param>
/// <param name="HostName">The host name to ask for; null: each address's own.</param>
/// <param name="Timeout">For one connection.</param>
/// <param name="CertificateFile">The client certificate; null: none.</param>
/// <param name="KeyFile">Its key; null when there is none.</param>
internal sealed record CheckOptions(
    IReadOnlyList<PeerAddress> Peers, string? HostName, TimeSpan Timeout, string? CertificateFile = null, string? KeyFile = null);
