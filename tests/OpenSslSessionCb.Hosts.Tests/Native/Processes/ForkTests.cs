using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Servers that fork: before the first handshake, and after it.</summary>
public sealed class ForkTests : SmallHostTests
{
    [Test]
    public async Task Workers_ForkedBeforeTheFirstHandshake_ResumeEachOthersSessions([Values("1.2", "1.3")] string version)
    {
        using SmallHost host = await SmallHost.StartAsync("prefork", Setup, "2");
        int[] ports = await host.PortsAsync(2);

        int first = await Visits.ResumedByTheOtherAsync(ports[1], ports[0], version);
        int second = await Visits.ResumedByTheOtherAsync(ports[0], ports[1], version);
        Assert.That(first, Is.Not.EqualTo(second).And.Not.EqualTo(host.Id));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), "a runtime in each worker, and none in the master");
    }

    [Test]
    public async Task Children_ForkedAfterTheFirstHandshake_GoOnWithoutAndSaySoOnce([Values("exit", "_exit", "thread")] string ending)
    {
        const int Each = 10;
        using SmallHost host = await SmallHost.StartAsync("fork_per_connection", Setup, ending, "0");
        int[] ports = await host.PortsAsync(2);
        await Visits.NewAsync(ports[0], "1.3");

        Visits old = await Visits.NewAsync(ports[0], "1.2", Each);
        Visits current = await Visits.NewAsync(ports[0], "1.3", Each);
        await host.SaysAsync("child", 2 * Each);
        Assert.That((old.Full, current.Full), Is.EqualTo((Each, Each)), string.Join('\n', old.Failures.Concat(current.Failures)));
        Assert.That(old.Answers.Concat(current.Answers).Select(static answer => answer.Process), Is.Unique.And.None.EqualTo(host.Id));
        Assert.That(host.Lines.Where(static line => line.StartsWith("child", StringComparison.Ordinal)), Is.All.EndsWith("ended with 7"));
        Assert.That(
            LogOfTrouble,
            Has.Length.EqualTo(2 * Each).And.All.Contains("This process was forked after sessions were shared, and runs without"));

        // The parent is none the worse.
        Assert.That((await Visits.ReturningAsync([ports[1]], "1.2", 3)).Resumed, Is.EqualTo(3));
        Assert.That((await Visits.ReturningAsync([ports[1]], "1.3", 3)).Resumed, Is.EqualTo(3));
        Assert.That(SharingProcesses, Is.EqualTo(1));
    }

    [Test]
    public async Task Children_ForkedWhileTheParentsSessionsAreWritten_NeverHang()
    {
        const int Children = 200;
        using SmallHost host = await SmallHost.StartAsync("fork_per_connection", Setup, "exit", "0");
        int[] ports = await host.PortsAsync(2);
        await Visits.NewAsync(ports[0], "1.3");

        // One process serves both in turn: a child is forked while what the parent's last connection brought is sealed and written.
        Task<Visits> parents = Visits.NewAsync(ports[1], "1.3", Children);
        Visits children = await Visits.NewAsync(ports[0], "1.3", Children);
        Assert.That((children.Full, (await parents).Full), Is.EqualTo((Children, Children)));
        await host.SaysAsync("child", Children);
        Assert.That(host.Lines.Where(static line => line.StartsWith("child", StringComparison.Ordinal)), Is.All.EndsWith("ended with 7"));
    }

    [Test]
    public async Task Child_ForkedBeforeTheStart_IsNotAffectedByTheParents()
    {
        using SmallHost host = await SmallHost.StartAsync("prefork", Setup, "3");
        int[] ports = await host.PortsAsync(3);
        foreach (int port in ports)
        {
            Assert.That((await Visits.ReturningAsync([port], "1.2")).Resumed, Is.EqualTo(1));
        }

        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((3, 0)));
    }
}
