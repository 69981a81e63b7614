using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// A host that makes its connections from one context, whose cache libssl uses, and moves them to another before the handshake.
/// </summary>
public sealed class MovedBeforehandTests : AdversaryTests
{
    [Test]
    public async Task Client_OfOneSitesCa_IsRefusedByTheOtherSite([Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        var theirs = ClientAuthority.Make(Setup.Folder, "theirs");
        string[] own = ["-tls" + version.Replace('.', '_'), .. ours.Issue("alice").Options];
        string[] other = [own[0], .. theirs.Issue("bob").Options];
        SmallHost host = await RunningAsync(
            SmallHost.StartAsync("listeners", Setup.With(isPreloaded: isPreloaded), ours.File, theirs.File));
        SmallHost second = await RunningAsync(
            SmallHost.StartAsync("listeners", Setup.With(isPreloaded: isPreloaded), ours.File, theirs.File));
        int[] ports = await host.PortsAsync(2), secondPorts = await second.PortsAsync(2);
        (int, string[])[] first = [(ports[0], own), (ports[1], other), (secondPorts[0], own), (secondPorts[1], other)];
        foreach ((int port, string[] options) in first)
        {
            await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        }

        await MakeSessionAsync(ports[0], Setup.Folder["own.session"], own);
        foreach (int port in (int[])[ports[1], secondPorts[1]])
        {
            Visit[] visits = await OfferAsync(port, Setup.Folder["own.session"], own);
            Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).False, visits[^1].All);
        }

        if (isPreloaded)
        {
            await MakeSessionAsync(ports[0], Setup.Folder["crossing.session"], own);
            Assert.That(await ComesToResumeAsync(secondPorts[0], Setup.Folder["crossing.session"], own), Is.True, "its own site elsewhere");
        }
    }
}
