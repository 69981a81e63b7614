using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A host that judges its clients again when they come back with a ticket. With an id they would pass it by.</summary>
public sealed class JudgedTicketTests : AdversaryTests
{
    [Test]
    public async Task Client_WhoseTicketsAreNotTaken_ResumesInNoOtherWay([Values("1.2", "1.3")] string version)
    {
        string[] options = ["-tls" + version.Replace('.', '_')];
        Assert.That(await ResumesAsync(Setup, "plain.session", options, "plain"), Is.True, "or this proves nothing");
        Assert.That(await ResumesAsync(Setup.With(isPreloaded: false), "alone.session", options), Is.False, "the control");
        Assert.That(await ResumesAsync(Setup, "judged.session", options), Is.False);
    }

    private async Task<bool> ResumesAsync(HostSetup setup, string file, string[] options, params string[] arguments)
    {
        SmallHost host = await RunningAsync(SmallHost.StartAsync("tickets", setup, arguments));
        int port = (await host.PortsAsync())[0];
        string session = Setup.Folder[file];
        await MakeSessionAsync(port, session, options);
        if (arguments.Length > 0)
        {
            return await ComesToResumeAsync(port, session, options);
        }

        Visit[] visits = await OfferAsync(port, session, options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).True);
        return visits.Any(static visit => visit.IsResumed);
    }
}
