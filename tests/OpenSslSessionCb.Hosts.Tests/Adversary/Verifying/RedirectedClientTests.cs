using System.Net;
using System.Net.Sockets;
using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// stunnel's redirect: clients that it does not accept end their handshakes, and get to another server. stunnel notes that on the
/// session, where a record has no place for it.
/// </summary>
public sealed class RedirectedClientTests : AdversaryTests
{
    /// <summary>Part 1 of issue 9: whom the host lets in only so far gets no further by resuming.</summary>
    [Test]
    public async Task Client_ThatIsRedirected_IsRedirectedWhenItComesBack(
        [Values("verifyChain", "verifyPeer")] string demand, [Values("1.2", "1.3")] string version)
    {
        AdversaryHost.RequireOrIgnore("stunnel");
        var ours = ClientAuthority.Make(Setup.Folder, "ours");
        AdversaryClient client = ours.Issue("honest");
        string[] honest = OptionsOf(client, version);
        string[] rogue = OptionsOf(ClientAuthority.Make(Setup.Folder, "other").Issue("rogue"), version);
        using TcpListener elsewhere = StunnelHost.StartBehind("you are elsewhere");
        string trusted = demand == "verifyPeer" ? client.Options[1] : ours.File;
        string options = $"{demand} = yes\nCAfile = {trusted}\nredirect = 127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}";

        using (NativeHost alone = await StunnelHost.StartAsync(Setup.With(isPreloaded: false), "alone", options, AdversaryHost.Page))
        {
            Assert.That(await ComeBackAsync(alone.Port, rogue), Has.All.Property(nameof(Visit.IsServed)).False, "the control");
        }

        NativeHost host = await RunningAsync(StunnelHost.StartAsync(Setup, "redirecting", options, AdversaryHost.Page));
        await MakeSessionAsync(host.Port, Setup.Folder["first.session"], honest);
        await MakeSessionAsync(host.Port, Setup.Folder["honest.session"], honest);
        Assert.That(await ComesToResumeAsync(host.Port, Setup.Folder["honest.session"], honest), Is.True, "or this proves nothing");

        Visit[] visits = await ComeBackAsync(host.Port, rogue);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).False, "the rogue client has got through: " + visits[^1].All);
    }

    /// <summary>Makes a session, and offers it some times.</summary>
    private async Task<Visit[]> ComeBackAsync(int port, string[] options)
    {
        string session = Setup.Folder["rogue.session"];
        Visit first = await Visit.ToAsync(port, [.. options, "-sess_out", session]);
        Assert.That(first.All, Does.Contain("you are elsewhere"), "the full handshake");
        return [first, .. await OfferAsync(port, session, options)];
    }

    private static string[] OptionsOf(AdversaryClient client, string version) =>
        ["-tls" + version.Replace('.', '_'), "-noservername", .. client.Options];
}
