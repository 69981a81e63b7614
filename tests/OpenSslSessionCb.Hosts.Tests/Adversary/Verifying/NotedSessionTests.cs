using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A host that notes on a session, when its handshake is over, that its client is not to get far; or takes it back.</summary>
public sealed class NotedSessionTests : AdversaryTests
{
    [Test]
    public async Task Client_WhoseSessionHasANoteOrIsTakenBack_IsNeverTakenForAnother(
        [Values("note", "remove")] string does, [Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        string[] options = ["-tls" + version.Replace('.', '_')];
        HostSetup setup = Setup.With(isPreloaded: isPreloaded);
        SmallHost first = await RunningAsync(SmallHost.StartAsync("noting", setup, does));
        SmallHost second = await RunningAsync(SmallHost.StartAsync("noting", setup, does));
        int[] ports = [(await first.PortsAsync())[0], (await second.PortsAsync())[0]];
        foreach (int port in ports)
        {
            await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        }

        foreach (int port in ports)
        {
            await MakeSessionAsync(ports[0], Setup.Folder["noted.session"], options);
            Visit[] visits = await OfferAsync(port, Setup.Folder["noted.session"], options);
            Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).True, visits[^1].All);
        }

        Assert.That(first.Lines.Concat(second.Lines), Has.None.EqualTo("let in"));
    }

    [Test]
    public async Task Client_WhoseSessionHasNone_ResumesAtTheOtherProcess([Values("1.2", "1.3")] string version)
    {
        string[] options = ["-tls" + version.Replace('.', '_')];
        SmallHost first = await RunningAsync(SmallHost.StartAsync("noting", Setup, "nothing"));
        SmallHost second = await RunningAsync(SmallHost.StartAsync("noting", Setup, "nothing"));
        int port = (await first.PortsAsync())[0], otherPort = (await second.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(otherPort, Setup.Folder["first.session"], options);
        await MakeSessionAsync(port, Setup.Folder["a.session"], options);
        Assert.That(await ComesToResumeAsync(otherPort, Setup.Folder["a.session"], options), Is.True);
    }

    [Test]
    public async Task Client_WhoseSessionIsChangedLater_ResumesNoMore(
        [Values("shorten", "age", "other-context")] string does, [Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        string[] options = ["-tls" + version.Replace('.', '_')];
        SmallHost host = await RunningAsync(SmallHost.StartAsync("noting", Setup.With(isPreloaded: isPreloaded), does));
        int port = (await host.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(port, Setup.Folder["short.session"], options);
        if (does == "shorten" && !isPreloaded)
        {
            // Alone it takes until the session's second is over.
            await Eventually.IsTrueAsync(
                async () => !(await Visit.ToAsync(port, ["-sess_in", Setup.Folder["short.session"], .. options])).IsResumed,
                "the session never ends");
        }

        Visit[] visits = await OfferAsync(port, Setup.Folder["short.session"], options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).True, visits[^1].All);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsResumed)).False, visits[^1].All);
    }

    /// <summary>libssl removes its session then, by the function that hosts call.</summary>
    [Test]
    public async Task Client_WhoseConnectionEndsAbruptly_ResumesAtTheOtherProcess([Values("1.2", "1.3")] string version)
    {
        string[] options = ["-tls" + version.Replace('.', '_')];
        SmallHost first = await RunningAsync(SmallHost.StartAsync("noting", Setup, "abrupt"));
        SmallHost second = await RunningAsync(SmallHost.StartAsync("noting", Setup, "abrupt"));
        int port = (await first.PortsAsync())[0], otherPort = (await second.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(otherPort, Setup.Folder["first.session"], options);
        await MakeSessionAsync(port, Setup.Folder["a.session"], options);
        Assert.That(await ComesToResumeAsync(otherPort, Setup.Folder["a.session"], options), Is.True);
    }

    /// <summary>Who gives out none on TLS 1.3 wants no resumption there.</summary>
    [Test]
    public async Task Client_OfAHostWithoutTickets_GetsNoSession([Values] bool isPreloaded)
    {
        SmallHost host = await RunningAsync(SmallHost.StartAsync("noting", Setup.With(isPreloaded: isPreloaded), "no-tickets"));
        int port = (await host.PortsAsync())[0];
        for (int visit = 0; visit < 3; visit++)
        {
            Visit made = await Visit.ToAsync(port, "-tls1_3", "-sess_out", Setup.Folder["none.session"]);
            Assert.That(made.IsServed, Is.True, made.All);
        }

        Assert.That(File.Exists(Setup.Folder["none.session"]), Is.False, "a session was given");
        await MakeSessionAsync(port, Setup.Folder["a.session"], "-tls1_2");
        Assert.That(await ComesToResumeAsync(port, Setup.Folder["a.session"], "-tls1_2"), Is.True, "on TLS 1.2 there is one");
    }
}
