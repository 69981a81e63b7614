using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// Two .NET servers, and a client that offers to the second the session that the first gave it. Each test has its control, the same
/// servers without the library: there the second never knows the session.
/// </summary>
[Platform("Linux")]
public abstract class AdversaryTests(string stack, string version)
{
    private protected TemporaryFolder Folder { get; private set; } = null!;

    /// <summary>The CA of most clients.</summary>
    private protected ClientAuthority Ours { get; private set; } = null!;

    /// <summary>Another one.</summary>
    private protected ClientAuthority Theirs { get; private set; } = null!;

    private protected Visitor Client { get; private set; } = null!;

    private protected string Version => version;

    [SetUp]
    public void MakeFolder()
    {
        Folder = new TemporaryFolder();
        Ours = new ClientAuthority(Folder, "ours");
        Theirs = new ClientAuthority(Folder, "theirs");
        Client = new Visitor(Folder, "client", version);
    }

    [TearDown]
    public void DeleteFolder()
    {
        Ours.Dispose();
        Theirs.Dispose();
        Folder.Dispose();
    }

    private protected Task<Servers> StartAsync(Demand first, Demand second, bool isAlone = false) =>
        Servers.StartAsync(stack, Folder, isAlone, first, second);

    private protected static Demand NoCertificate(ClientAuthority? trusts = null) => new(ClientCertificateMode.NoCertificate, trusts);

    private protected static Demand Allow(ClientAuthority trusts) => new(ClientCertificateMode.AllowCertificate, trusts);

    private protected static Demand Require(ClientAuthority trusts) => new(ClientCertificateMode.RequireCertificate, trusts);

    private protected static Demand Delay(ClientAuthority trusts) => new(ClientCertificateMode.DelayCertificate, trusts);
}
