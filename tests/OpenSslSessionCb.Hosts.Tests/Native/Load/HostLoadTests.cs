using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Unmodified servers under load: while nothing happens, while they reload, and while the store is away.</summary>
[Platform("Linux")]
public sealed class HostLoadTests
{
    // The first ones, until the runtime has started, are full handshakes: they are few among so many.
    private const int NssConnections = 600;

    private const int ConnectionsForEachReload = 40;

    private static readonly int s_connections = Soak.Count(briefly: 240, atLength: 600);

    private HostSetup _setup = null!;

    private static IEnumerable<string> Kinds => HostKind.All.Select(static kind => kind.Name);

    private static IEnumerable<string> ReloadingKinds =>
        HostKind.All.Where(static kind => kind.Reload is not null).Select(static kind => kind.Name);

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore([.. HostKind.Programs, "strsclnt", "certutil", "redis-server"]);
        _setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void DeleteFolder() => _setup?.Dispose();

    [Test]
    public async Task Load_OfNss_FourThreads_IsResumed(
        [ValueSource(nameof(Kinds))] string kind, [Values("tls1.2", "tls1.3")] string version)
    {
        using NativeHost host = await HostKind.Of(kind).StartAsync(_setup);
        Directory.CreateDirectory(_setup.Folder["nss"]);
        ProcessResult made = await ChildProcess.RunAsync("certutil", ["-N", "-d", _setup.Folder["nss"], "--empty-password"]);
        Assert.That(made.ExitCode, Is.Zero, made.All);

        ProcessResult load = await ChildProcess.RunAsync("strsclnt",
        [
            "-d", _setup.Folder["nss"], "-p", host.Port.ToString(CultureInfo.InvariantCulture), "-o", "-q",
            "-c", NssConnections.ToString(CultureInfo.InvariantCulture), "-t", "4", "-V", $"{version}:{version}", "127.0.0.1",
        ]);
        int hits = Regex.Matches(load.All, @"(\d+) cache hits; \d+ cache misses, \d+ cache not reusable")
            .Select(static line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture))
            .DefaultIfEmpty()
            .Max();
        await TestContext.Out.WriteLineAsync($"{kind}, {version}: {hits} of {NssConnections} resumed");

        // In TLS 1.3 each resumption makes a new session, and a client that is back at once may find a worker whose store
        // has not got it yet.
        Assert.That(
            hits, Is.GreaterThan(version == "tls1.2" ? NssConnections * 9 / 10 : NssConnections / 2),
            load.All + File.ReadAllText(_setup.Log));
        Assert.That(load.All, Does.Not.Contain("error").IgnoreCase);
    }

    [Test]
    public async Task Load_WhileTheHostReloads_NothingFails(
        [ValueSource(nameof(ReloadingKinds))] string kind, [Values("1.2", "1.3")] string version)
    {
        using NativeHost host = await HostKind.Of(kind).StartAsync(_setup);
        int gone = 0;
        Task<LoadTally> load = LoadClient.RunAsync(
            _setup.Folder, host, version, s_connections * 3, () => Interlocked.Add(ref gone, LoadClient.Step));
        int reloads = 0;
        while (!load.IsCompleted || reloads < 2)
        {
            // As the load goes on, and not as time does: reloads slow it down, so that there would be more and more of them. Not before
            // it has begun: stunnel listens before it takes signals.
            await Eventually.IsTrueAsync(
                () => load.IsCompleted || Volatile.Read(ref gone) >= (reloads + 1) * ConnectionsForEachReload, "the load goes on");
            await Eventually.IsTrueAsync(() => TimesReady(kind) > reloads, "the reload before is done");
            HostKind.Of(kind).Reload!.Value.Send(host.Id);
            reloads++;
        }

        LoadTally tally = await load;
        await TestContext.Out.WriteLineAsync($"{kind}, TLS {version}, {reloads} reloads: {tally}");
        Assert.That(tally.Failed, Is.Zero, tally.Reasons);
        Assert.That(tally.Dropped, Is.Zero.Or.Matches<int>(_ => HostKind.Of(kind).StopsListening), "those that waited to be accepted");
        Assert.That(tally.Resumed, Is.GreaterThan(tally.Connections / 2), "sessions live on in the store");
        Assert.That(host.HasExited, Is.False);
    }

    /// <summary>How often it has said so; where it does not, always often enough.</summary>
    private int TimesReady(string kind) => HostKind.Of(kind).ReadyLine is { } line
        ? File.ReadLines(_setup.Folder[kind + ".log"]).Count(written => written.Contains(line, StringComparison.Ordinal))
        : int.MaxValue;

    /// <summary>Then their last sessions wait to be written, and libcrypto goes when exit is called.</summary>
    [Test]
    public async Task Workers_ThatEndWhileTheStoreHangs_EndInPeace()
    {
        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        HostSetup setup = _setup.With(store: $"redis:{redis.Address}");
        using NativeHost host = await NginxHost.StartAsync(setup);
        for (int i = 0; i < 8; i++)
        {
            // Sessions of a process of its own, so that none is resumed.
            redis.Pause();
            LoadTally tally = await LoadClient.RunAsync(setup.Folder, host, "1.2", 40);
            Assert.That((tally.Failed, tally.Dropped), Is.EqualTo((0, 0)), tally.Reasons);
            Signal.Hangup.Send(host.Id);
            await Task.Delay(50 + (i * 60));
            redis.Resume();
            await LoadClient.RunAsync(setup.Folder, host, "1.3", 40);
        }

        Assert.That(File.ReadLines(setup.Folder["nginx.log"])
            .Where(static line => line.Contains("exited on signal", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Load_WhileTheStoreIsAway_NothingFails([ValueSource(nameof(Kinds))] string kind, [Values("1.2", "1.3")] string version)
    {
        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        HostSetup setup = _setup.With(store: $"redis:{redis.Address}");
        using NativeHost host = await HostKind.Of(kind).StartAsync(setup);
        LoadTally tally = await LoadClient.RunAsync(setup.Folder, host, version, s_connections / 2);
        Assert.That(tally.Resumed, Is.GreaterThan(s_connections / 4), "before: " + tally + File.ReadAllText(_setup.Log));

        redis.Pause();
        tally += await LoadClient.RunAsync(setup.Folder, host, version, s_connections / 2);
        redis.Resume();
        tally += await LoadClient.RunAsync(setup.Folder, host, version, s_connections / 2);
        await redis.KillAsync();
        tally += await LoadClient.RunAsync(setup.Folder, host, version, s_connections / 2);
        await TestContext.Out.WriteLineAsync($"{kind}, TLS {version}: {tally}");
        Assert.That((tally.Failed, tally.Dropped, tally.Refused), Is.EqualTo((0, 0, 0)), tally.Reasons);
        Assert.That(host.HasExited, Is.False);
    }
}
