using System.Net;
using System.Net.Sockets;
using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// stunnel's sections (sni=): its verify callback looks at the section where the connection is, and libssl finds the session before
/// stunnel has moved it there.
/// </summary>
public sealed class StunnelSectionTests : AdversaryTests
{
    private TcpListener _behind = null!;

    [SetUp]
    public void StartBehind() => _behind = StunnelHost.StartBehind(AdversaryHost.Page);

    [TearDown]
    public void StopBehind() => _behind.Dispose();

    [Test]
    public async Task Client_ThatTheSectionRefuses_IsRefusedWhenItComesBack(
        [Values("checkHost = zed.example", "checkEmail = zed@example.org")] string demand, [Values("1.2", "1.3")] string version,
        [Values] bool isPreloaded)
    {
        AdversaryHost.RequireOrIgnore("stunnel");
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        string[] options = ["-tls" + version.Replace('.', '_'), "-servername", "site.example", .. ours.Issue("alice").Options];
        HostSetup setup = Setup.With(isPreloaded: isPreloaded);
        NativeHost loose = await RunningAsync(StunnelHost.StartAsync(setup, "loose", Sections(ours, ""), AdversaryHost.Page));
        NativeHost strict = await RunningAsync(StunnelHost.StartAsync(setup, "strict", Sections(ours, demand), AdversaryHost.Page));

        // Where the name leads is learnt.
        await MakeSessionAsync(loose.Port, Setup.Folder["first.session"], options);
        Visit full = await Visit.ToAsync(strict.Port, options);
        Assert.That(full.IsServed, Is.False, "the full handshake: " + full.All);

        await MakeSessionAsync(loose.Port, Setup.Folder["a.session"], options);
        Visit[] visits = await OfferAsync(strict.Port, Setup.Folder["a.session"], options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).False, visits[^1].All);
    }

    [Test]
    public async Task Client_ThatTheSectionLetsIn_ResumesAtTheOtherProcess([Values("1.2", "1.3")] string version)
    {
        AdversaryHost.RequireOrIgnore("stunnel");
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        string[] options = ["-tls" + version.Replace('.', '_'), "-servername", "site.example", .. ours.Issue("alice").Options];
        NativeHost first = await RunningAsync(StunnelHost.StartAsync(Setup, "one", Sections(ours, ""), AdversaryHost.Page));
        NativeHost second = await RunningAsync(StunnelHost.StartAsync(Setup, "two", Sections(ours, ""), AdversaryHost.Page));
        await MakeSessionAsync(first.Port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(second.Port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(first.Port, Setup.Folder["a.session"], options);
        Assert.That(await ComesToResumeAsync(second.Port, Setup.Folder["a.session"], options), Is.True);
    }

    private string Sections(ClientAuthority authority, string demand) => $"""
        verifyChain = yes
        CAfile = {authority.File}
        [site]
        sni = farm:site.example
        connect = 127.0.0.1:{((IPEndPoint)_behind.LocalEndpoint).Port}
        cert = {Setup.Certificate}
        key = {Setup.Key}
        verifyChain = yes
        CAfile = {authority.File}
        {demand}
        """;
}
