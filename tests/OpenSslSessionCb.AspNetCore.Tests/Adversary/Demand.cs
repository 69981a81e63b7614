using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>What a server wants of its clients: in Kestrel's words, and the CA that it trusts and no other; null: the machine's.</summary>
internal sealed record Demand(ClientCertificateMode Mode, ClientAuthority? Trusts = null)
{
    /// <summary>A new one for each connection: what a client sent is remembered in no other's.</summary>
    internal X509ChainPolicy? MakePolicy()
    {
        if (Trusts is null)
        {
            return null;
        }

        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(Trusts.Root);
        return policy;
    }
}
