using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// All hosts at once on one Redis, which is paused and goes on, while they reload every five seconds: ./build.sh soak
/// goes on for fifty thousand handshakes.
/// </summary>
[Category("Soak")]
[Platform("Linux")]
public sealed partial class HostSoakTests
{
    private static readonly TimeSpan s_reloadInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(3);

    private readonly List<(HostKind Kind, NativeHost Host)> _running = [];
    private HostSetup _setup = null!;

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore([.. HostKind.Programs, "redis-server"]);
        _setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void StopAll()
    {
        _running.ForEach(static running => running.Host.Dispose());
        _running.Clear();
        _setup?.Dispose();
    }

    [Test]
    public async Task Hosts_ReloadingWhileRedisComesAndGoes_FailNoHandshake()
    {
        int total = Soak.Count(briefly: 2_400, atLength: 50_000);
        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        HostSetup setup = _setup.With(store: $"redis:{redis.Address}");
        await LoadClient.CompileAsync(setup.Folder);
        foreach (HostKind kind in HostKind.All)
        {
            _running.Add((kind, await kind.StartAsync(setup)));
        }

        int each = total / _running.Count / 2;
        Task<(HostKind Kind, LoadTally Tally)>[] loads = [.. _running.SelectMany(running => new[] { "1.2", "1.3" }.Select(async version =>
            (running.Kind, await LoadClient.RunAsync(setup.Folder, running.Host, version, each))))];
        Task<(HostKind Kind, LoadTally Tally)[]> all = Task.WhenAll(loads);
        int reloads = 0;
        while (!all.IsCompleted)
        {
            redis.Pause();
            await Task.WhenAny(all, Task.Delay(s_pause));
            redis.Resume();
            await Task.WhenAny(all, Task.Delay(s_reloadInterval - s_pause));
            _running.ForEach(static running => running.Kind.Reload?.Send(running.Host.Id));
            reloads++;
        }

        foreach (IGrouping<HostKind, (HostKind Kind, LoadTally Tally)> kind in (await all).GroupBy(static load => load.Kind))
        {
            LoadTally tally = kind.Select(static load => load.Tally).Aggregate(static (left, right) => left + right);
            await TestContext.Out.WriteLineAsync($"{kind.Key}, {reloads} reloads and pauses: {tally}");
            Assert.That(tally.Connections, Is.EqualTo(each * 2));
            Assert.That(tally.Failed, Is.Zero, kind.Key + ": " + tally.Reasons);
            Assert.That(tally.Dropped, Is.Zero.Or.Matches<int>(_ => kind.Key.StopsListening), kind.Key.Name);
        }

        Assert.That(_running.Where(static running => running.Host.HasExited).Select(static running => running.Kind.Name), Is.Empty);
        string[] deaths =
        [
            .. Directory.EnumerateFiles(setup.Folder.Root, "*.log").SelectMany(File.ReadLines).Where(static line => Death().IsMatch(line)),
        ];
        Assert.That(deaths, Is.Empty, "workers that died");
    }

    // As nginx, Apache and HAProxy say it of a worker.
    [GeneratedRegex(@"exited on signal|exit signal|exited with code 1[34]\d")]
    private static partial Regex Death();
}
