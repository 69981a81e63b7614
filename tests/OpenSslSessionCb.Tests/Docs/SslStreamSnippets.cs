using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Tests;

/// <summary>The code of docs/sslstream.md, so that it compiles. SslStreamDocumentTests compares the two texts.</summary>
internal static class SslStreamSnippets
{
    internal static async Task Attach(ISessionStore store, SessionKeyRing keys)
    {
        await using var cache = new SessionCache(store, new SessionCacheOptions { Farm = "shop", KeyRing = keys });
        using ProcessAttachment attachment = cache.AttachToProcess();   // before the first server is made
    }

    internal static void Intermediates(SessionCache cache, X509Certificate2Collection roots, X509Certificate2Collection intermediates)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust };
        policy.CustomTrustStore.AddRange(roots);
        policy.ExtraStore.AddRange(intermediates);   // and set it as SslServerAuthenticationOptions.CertificateChainPolicy
        using ProcessAttachment attachment = cache.AttachToProcess(new ProcessAttachOptions
        {
            ClientIntermediates = [.. intermediates.Select(static certificate => (ReadOnlyMemory<byte>)certificate.RawData)],
        });
    }

    internal static async Task LookAhead(Stream socketStream, SessionCache cache, SslServerAuthenticationOptions options)
    {
        var ahead = new SessionLookAheadStream(socketStream, cache);
        await using var stream = new SslStream(ahead);
        await stream.AuthenticateAsServerAsync(options);
        Console.WriteLine($"resumed: {ahead.Resumed}, in {ahead.HandshakeDuration}");
    }
}
