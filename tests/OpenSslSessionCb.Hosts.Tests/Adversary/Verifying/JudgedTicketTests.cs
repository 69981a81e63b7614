using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// A host that puts data into its tickets, and judges those who come back by it. Our sessions are not tickets, and it is asked all the
/// same.
/// </summary>
public sealed class JudgedTicketTests : AdversaryTests
{
    private string[] _options = [];

    private string Locked => Setup.Folder["locked"];

    [Test]
    public async Task Client_ThatIsLockedOut_ResumesNoMore([Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        _options = ["-tls" + version.Replace('.', '_')];
        HostSetup setup = Setup.With(isPreloaded: isPreloaded);
        SmallHost first = await RunningAsync(SmallHost.StartAsync("tickets", setup, Locked));
        SmallHost second = await RunningAsync(SmallHost.StartAsync("tickets", setup, Locked));
        int port = (await first.PortsAsync())[0], otherPort = (await second.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], _options);
        await MakeSessionAsync(otherPort, Setup.Folder["first.session"], _options);

        // Up to 1.2 one session is enough for all; the sessions of 1.3 are kept as they are on this side, too.
        await MakeSessionAsync(port, Setup.Folder["a.session"], _options);
        Assert.That(await ComesToResumeAsync(port, Setup.Folder["a.session"], _options), Is.True, "at its own");
        Assert.That(await ComesToResumeAsync(otherPort, Setup.Folder["a.session"], _options), Is.EqualTo(isPreloaded), "at the other");
        Assert.That(first.Lines.Concat(second.Lines), Has.None.StartsWith("strange"));

        await File.WriteAllTextAsync(Locked, "");
        await AssertNeverResumesAsync(port);
        await AssertNeverResumesAsync(otherPort);
        File.Delete(Locked);
        Assert.That(await ComesToResumeAsync(port, Setup.Folder["a.session"], _options), Is.True, "let in again");
    }

    /// <summary>It has no data of this host's, and could not be judged.</summary>
    [Test]
    public async Task Client_OfAnotherProgram_IsJudgedInAFullHandshake([Values("1.2", "1.3")] string version)
    {
        _options = ["-tls" + version.Replace('.', '_')];
        SmallHost plain = await RunningAsync(SmallHost.StartAsync("noting", Setup, "nothing"));
        SmallHost judging = await RunningAsync(SmallHost.StartAsync("tickets", Setup, Locked));
        int port = (await plain.PortsAsync())[0], judgingPort = (await judging.PortsAsync())[0];
        await MakeSessionAsync(port, Setup.Folder["first.session"], _options);
        await MakeSessionAsync(judgingPort, Setup.Folder["first.session"], _options);
        await MakeSessionAsync(port, Setup.Folder["b.session"], _options);
        Assert.That(await ComesToResumeAsync(port, Setup.Folder["b.session"], _options), Is.True, "or this proves nothing");
        await MakeSessionAsync(port, Setup.Folder["a.session"], _options);
        await AssertNeverResumesAsync(judgingPort);
        Assert.That(judging.Lines, Has.None.StartsWith("strange"));
    }

    private async Task AssertNeverResumesAsync(int port)
    {
        Visit[] visits = await OfferAsync(port, Setup.Folder["a.session"], _options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).True, visits[^1].All);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsResumed)).False, visits[^1].All);
    }
}
