using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Servers with a thread for each connection: little stack, many threads, and every end that a thread can have.</summary>
public sealed class ThreadTests : SmallHostTests
{
    private const int StackBytes = 128 * 1024;

    /// <summary>The very first connection, which starts the runtime, is on such a stack too.</summary>
    [Test]
    public async Task Stack_Of128KiB_IsEnoughForEveryHandshake([Values("1.2", "1.3")] string version, [Values] bool clientCertificate)
    {
        ClientIdentity? client = clientCertificate ? await ClientIdentity.MakeAsync(Setup.Folder) : null;
        string[] arguments = client is null ? [] : [client.CaFile];
        using SmallHost first = await SmallHost.StartAsync("threads", Setup, [$"{StackBytes / 1024}", "return", .. arguments]);
        using SmallHost second = await SmallHost.StartAsync("threads", Setup, [$"{StackBytes / 1024}", "return", .. arguments]);
        int[] ports = [(await first.PortsAsync())[0], (await second.PortsAsync())[0]];

        Assert.That((await Visits.NewAsync(ports[0], version, client: client)).Full, Is.EqualTo(1));
        await Visits.ResumedByTheOtherAsync(ports[0], ports[1], version, client);
        Assert.That((await Visits.ReturningAsync([ports[0]], version, 3, pauseMilliseconds: 20, client: client)).Resumed, Is.EqualTo(3));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)));
    }

    [Test]
    public async Task Stack_OfAHandshakeThatShares_IsMeasuredAndIsLittle()
    {
        ClientIdentity client = await ClientIdentity.MakeAsync(Setup.Folder);
        int without = await DeepestAsync(client, Setup.With(isPreloaded: false));
        int with = await DeepestAsync(client, Setup);
        await TestContext.Out.WriteLineAsync(
            $"The deepest use of a stack by a connection: {without} bytes without the library, {with} bytes with it.");
        Assert.That(with, Is.LessThan(StackBytes / 2));
    }

    [Test]
    public async Task Threads_EndInEveryWay_NothingIsLeftOfThem([Values("return", "exit", "cancel", "detached")] string ending)
    {
        const int Connections = 1250;
        using SmallHost host = await SmallHost.StartAsync("threads", Setup, $"{StackBytes / 1024}", ending);
        int[] ports = await host.PortsAsync();
        await LoadAsync(250);
        int threads = await RuntimesAloneAsync(host);
        long before = MemoryOf(host);
        await LoadAsync(Connections - 250);

        await Eventually.IsTrueAsync(() => ThreadsOf(host) <= threads, "no thread is left");
        await TestContext.Out.WriteLineAsync(
            $"{threads} threads; {before} kB of its own after 250 connections, {MemoryOf(host)} kB after {Connections}");

        // Each has a session, some 3 kB in the near cache; what a thread of .NET's has would be more by far.
        Assert.That(MemoryOf(host) - before, Is.LessThan(16 * 1024));
        Assert.That(host.Lines, Has.Count.EqualTo(1), string.Join('\n', host.Lines));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));

        async Task LoadAsync(int connections)
        {
            Visits visits = await Visits.NewAsync(ports[0], "1.3", connections / 5, threads: 5);
            Assert.That((visits.Full, visits.Failures), Is.EqualTo((connections, Array.Empty<string>())));
        }
    }

    [Test]
    public async Task Connections_SixtyFourAtOnce_AllResume([Values("1.2", "1.3")] string version)
    {
        using SmallHost host = await SmallHost.StartAsync("threads", Setup, $"{StackBytes / 1024}", "detached");
        Visits visits = await Visits.ReturningAsync(await host.PortsAsync(), version, 10, threads: 64, pauseMilliseconds: 1);
        Assert.That(visits.Failures, Is.Empty);
        Assert.That(visits.Resumed, Is.EqualTo(640), "the first ones came while the runtime started, and were waited for");
    }

    /// <summary>
    /// Other threads are in the middle of handshakes; or have ended, and libcrypto cleans up while what
    /// they brought is still written.
    /// </summary>
    [Test]
    public async Task Exit_WhileHandshakesGoOn_EndsWithItsOwnCode([Values("busy", "idle")] string how)
    {
        for (int i = 0; i < 25; i++)
        {
            using SmallHost host = await SmallHost.StartAsync("exiting", Setup, "4", how);
            await host.SaysAsync("busy");
            host.SendByte();
            ProcessResult end = await host.EndAsync();
            Assert.That((end.ExitCode, end.Errors), Is.EqualTo((42, "")));
        }
    }

    private static async Task<int> DeepestAsync(ClientIdentity client, HostSetup setup)
    {
        using SmallHost first = await SmallHost.StartAsync("threads", setup, "1024", "measured", client.CaFile);
        using SmallHost second = await SmallHost.StartAsync("threads", setup, "1024", "measured", client.CaFile);
        int[] ports = [(await first.PortsAsync())[0], (await second.PortsAsync())[0]];
        foreach (string version in new[] { "1.2", "1.3" })
        {
            await Visits.NewAsync(ports[0], version, client: client);
            await Visits.NewAsync(ports[1], version, client: client);
            if (setup.IsPreloaded)
            {
                await Visits.ResumedByTheOtherAsync(ports[0], ports[1], version, client);
                await Visits.ReturningAsync([ports[0]], version, 3, client: client);
            }
        }

        return first.Lines.Concat(second.Lines).Where(static line => line.StartsWith("stack: ", StringComparison.Ordinal))
            .Max(static line => int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
    }

    private static int ThreadsOf(SmallHost host) => Directory.GetDirectories($"/proc/{host.Id}/task").Length;

    /// <summary>How many there are once those of the host's connections have ended, its first one included.</summary>
    private static async Task<int> RuntimesAloneAsync(SmallHost host)
    {
        int threads = 0;
        await Eventually.IsTrueAsync(
            () =>
            {
                var deep = new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 1 };
                string[] names = [.. Directory.GetFiles($"/proc/{host.Id}/task", "comm", deep).Select(NameOf)];
                threads = names.Length;
                return names.Count(static name => name == "threads") == 1;
            },
            "the connections' threads end");
        return threads + 4;

        static string NameOf(string path)
        {
            try
            {
                return File.ReadAllText(path).TrimEnd();
            }
            catch (IOException)
            {
                return "";
            }
        }
    }

    private static long MemoryOf(SmallHost host) =>
        File.ReadLines($"/proc/{host.Id}/status").Where(static line => line.StartsWith("RssAnon", StringComparison.Ordinal))
            .Select(static line => long.Parse(
                line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture))
            .Single();
}
