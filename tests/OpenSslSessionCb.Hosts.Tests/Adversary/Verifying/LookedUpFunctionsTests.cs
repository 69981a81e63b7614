using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A host that finds libssl's functions by dlsym: what it sets is not seen, and nobody gets in by that.</summary>
public sealed class LookedUpFunctionsTests : AdversaryTests
{
    [Test]
    public async Task Client_WithoutACertificate_IsRefusedWhereTheNameLeadsToADemand(
        [Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        string[] options = ["-tls" + version.Replace('.', '_'), "-servername", "closed.example"];
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        await RefusedAsync(ours, "open", "moves", isPreloaded, options, options[0], "-servername", "open.example");
    }

    [Test]
    public async Task Client_OfTheCa_IsRefusedWhereTheHostJudgesByAFunction(
        [Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        string[] options = ["-tls" + version.Replace('.', '_'), .. ours.Issue("alice").Options];
        await RefusedAsync(ours, "verifies", "judges", isPreloaded, options);
    }

    /// <summary>A session of the one, offered to the other.</summary>
    private async Task RefusedAsync(
        ClientAuthority authority, string one, string other, bool isPreloaded, string[] options, params string[] before)
    {
        HostSetup setup = Setup.With(isPreloaded: isPreloaded);
        SmallHost first = await RunningAsync(SmallHost.StartAsync("looked_up", setup, authority.File, one));
        SmallHost second = await RunningAsync(SmallHost.StartAsync("looked_up", setup, authority.File, other));
        int port = (await first.PortsAsync())[0], otherPort = (await second.PortsAsync())[0];

        // Both are at work: what starts with the first connection has started.
        await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        _ = await Visit.ToAsync(otherPort, before.Length > 0 ? before : options);
        await MakeSessionAsync(port, Setup.Folder["a.session"], options);
        Visit[] visits = await OfferAsync(otherPort, Setup.Folder["a.session"], options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).False, visits[^1].All);
    }
}
