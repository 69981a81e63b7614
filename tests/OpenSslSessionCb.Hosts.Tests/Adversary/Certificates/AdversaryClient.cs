using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A client with a certificate.</summary>
/// <param name="Name">In its subject.</param>
/// <param name="Certificate">Its leaf.</param>
/// <param name="Options">For openssl's s_client.</param>
internal sealed record AdversaryClient(string Name, X509Certificate2 Certificate, string[] Options)
{
    /// <summary>What is in the certificate of a client of this name.</summary>
    internal static string EmailOf(string name) => name + "@clients.example";

    /// <inheritdoc cref="EmailOf"/>
    internal static string HostNameOf(string name) => name + ".clients.example";
}
