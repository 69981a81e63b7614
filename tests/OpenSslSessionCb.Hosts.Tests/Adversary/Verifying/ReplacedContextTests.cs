using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A site is replaced while its server runs: what the old one has allowed says nothing of the new one.</summary>
public sealed class ReplacedContextTests : AdversaryTests
{
    private const string Site = "site.example";

    /// <summary>Part 3 of issue 9: where a connection begins and ends are digests; an address comes back, and means another.</summary>
    [Test]
    public async Task Client_OfACaThatTheSiteTrustsNoMore_IsRefusedThoughTheNewContextHasTheOldAddress(
        [Values("1.2", "1.3")] string version)
    {
        var old = ClientAuthority.Make(Setup.Folder, "old");
        var current = ClientAuthority.Make(Setup.Folder, "new");
        string[] rogue = OptionsOf(old.Issue("rogue"), version);
        string[] honest = OptionsOf(current.Issue("honest"), version);
        SmallHost host = await RunningAsync(SmallHost.StartAsync("switching", Setup, old.File, current.File));
        int port = (await host.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], rogue);
        await MakeSessionAsync(port, Setup.Folder["proof.session"], rogue);
        Assert.That(await ComesToResumeAsync(port, Setup.Folder["proof.session"], rogue), Is.True, "or this proves nothing");
        await MakeSessionAsync(port, Setup.Folder["rogue.session"], rogue);
        await MakeSessionAsync(port, Setup.Folder["late.session"], rogue);

        Visit next = await Visit.ToAsync(port, rogue[0], "-servername", "next.example");
        Assert.That(next.IsServed, Is.True, next.All);
        await host.SaysAsync("replaced, ");
        await TestContext.Out.WriteLineAsync(host.Lines[^1]);
        Visit[] atOnce = await OfferAsync(port, Setup.Folder["rogue.session"], rogue);
        Visit good = await Visit.ToAsync(port, honest);
        Visit[] later = await OfferAsync(port, Setup.Folder["late.session"], rogue);
        Visit control = await Visit.ToAsync(port, rogue);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(control.IsServed, Is.False, "in a full handshake: " + control.All);
            Assert.That(good.IsServed, Is.True, "the client of the new CA: " + good.All);
            Assert.That(atOnce, Has.All.Property(nameof(Visit.IsServed)).False, "at once: " + atOnce[^1].All);
            Assert.That(later, Has.All.Property(nameof(Visit.IsServed)).False, "when the name is known again: " + later[^1].All);
            Assert.That(host.Lines[^1], Does.Contain("at the same address"), "or this proves little");
        }
    }

    private static string[] OptionsOf(AdversaryClient client, string version) =>
        ["-tls" + version.Replace('.', '_'), "-servername", Site, .. client.Options];
}
