using System.Diagnostics;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>
/// What can befall the store of a farm under load. Whatever it is, no handshake fails, and resumption is back when it is over.
/// </summary>
[TestFixture("1.2")]
[TestFixture("1.3")]
[Platform("Linux")]
public sealed class StoreTroubleTests(string version)
{
    private const int Rate = 50;

    private static readonly TimeSpan s_aWhile = TimeSpan.FromSeconds(2);

    private ServerProcess _redis = null!;
    private TcpProxy _proxy = null!;
    private FarmTls _tls = null!;
    private KestrelFarm _farm = null!;

    [SetUp]
    public async Task StartFarm()
    {
        _redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());
        _proxy = new TcpProxy(_redis.Port);
        _tls = new FarmTls(version);
        _farm = await KestrelFarm.StartAsync(_proxy.Address);
    }

    [TearDown]
    public async Task StopFarm()
    {
        _farm?.Dispose();
        _tls?.Dispose();
        if (_proxy is not null)
        {
            await _proxy.DisposeAsync();
        }

        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Test]
    public async Task Redis_KilledAndRestartedEmpty_NoHandshakeFails()
    {
        await EndureAsync("killed", _redis.KillAsync, _redis.StartAsync, s_aWhile);

        Assert.That(await _farm.CountAsync("errors"), Is.Positive);
    }

    [Test]
    public async Task Redis_PausedForTenSeconds_NoHandshakeFailsAndResumptionIsBack()
    {
        TimeSpan noticed = TimeSpan.Zero;
        TimeSpan back = await EndureAsync("paused", PauseAsync, Done(_redis.Resume), TimeSpan.FromSeconds(10));

        await TestContext.Out.WriteLineAsync($"  TLS {version}: both nodes leave the store alone {noticed.TotalSeconds:0.0} s after "
            + $"SIGSTOP, sessions resume again {back.TotalSeconds:0.0} s after SIGCONT");

        async Task PauseAsync()
        {
            var clock = Stopwatch.StartNew();
            _redis.Pause();
            await Eventually.IsTrueAsync(BothNoticeAsync, "the nodes go on asking a store that does not answer");
            noticed = clock.Elapsed;
        }
    }

    [Test]
    public async Task Redis_FullAndEvictingNothing_NoHandshakeFails() =>
        await EndureAsync("full", () => _redis.TellAsync("CONFIG SET maxmemory-policy noeviction", "CONFIG SET maxmemory 1"),
            () => _redis.TellAsync("CONFIG SET maxmemory 0"), s_aWhile);

    [Test]
    public async Task Redis_AnsweringTooLate_NoHandshakeFails()
    {
        await EndureAsync(
            "slow", Done(() => _proxy.Delay = TimeSpan.FromMilliseconds(150)), Done(() => _proxy.Delay = TimeSpan.Zero), s_aWhile);

        Assert.That(await _farm.CountAsync("late"), Is.Positive);
    }

    [Test]
    public async Task Redis_AnsweringRandomBytes_NoHandshakeFails() =>
        await EndureAsync("garbage", Done(() => _proxy.Rewrite = RedisReplies.Random), Done(() => _proxy.Rewrite = null), s_aWhile);

    [Test]
    public async Task Redis_AnsweringCorruptedRecords_NoHandshakeFails()
    {
        await EndureAsync(
            "corrupted", Done(() => _proxy.Rewrite = RedisReplies.CorruptValues), Done(() => _proxy.Rewrite = null), s_aWhile);

        Assert.That(await _farm.CountAsync("rejected"), Is.Positive);
    }

    [Test]
    public async Task Redis_Flushed_SessionsAreMadeAnew()
    {
        using var load = new FarmLoad(_farm.EndPoints, version, Rate);
        load.Start("before");
        await _farm.EventuallyCrossesAsync(_tls, "before");
        using var client = new FarmClient(_tls);
        client.Visit(_farm.First.EndPoint);
        await _farm.First.WaitUntilWrittenAsync();

        load.Enter("after");
        await _redis.TellAsync("FLUSHALL");

        Assert.That(client.Visit(_farm.Second.EndPoint), Is.EqualTo(new FarmVisit(null, HasOffered: true, IsResumed: false)),
            "the session is lost");
        await _farm.EventuallyCrossesAsync(_tls, "after");
        await FinishAsync(load, "before", "after");
    }

    /// <summary>Returns how long it took, when the trouble was over, until a session of each node resumed on the other.</summary>
    private async Task<TimeSpan> EndureAsync(string trouble, Func<Task> begin, Func<Task> end, TimeSpan lasts)
    {
        using var load = new FarmLoad(_farm.EndPoints, version, Rate);
        load.Start("before");
        await _farm.EventuallyCrossesAsync(_tls, "before");

        load.Enter(trouble);
        await begin();
        var clock = Stopwatch.StartNew();
        Assert.That(await _farm.CrossesAsync(_tls), Is.False, "this is no trouble");
        await Task.Delay(clock.Elapsed < lasts ? lasts - clock.Elapsed : TimeSpan.Zero);

        load.Enter("after");
        await end();
        clock.Restart();
        await _farm.EventuallyCrossesAsync(_tls, "after");
        TimeSpan back = clock.Elapsed;
        await FinishAsync(load, "before", trouble, "after");
        return back;
    }

    /// <summary>Sends new clients to both: those that come back may have all that they need at hand.</summary>
    private async Task<bool> BothNoticeAsync()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => Task.Run(() => number % 2 == 0
            ? KestrelFarm.CrossesAsync(_tls, _farm.First, _farm.Second)
            : KestrelFarm.CrossesAsync(_tls, _farm.Second, _farm.First))));
        return (await _farm.First.StatisticsAsync()).GetProperty("storeAway").GetBoolean()
            && (await _farm.Second.StatisticsAsync()).GetProperty("storeAway").GetBoolean();
    }

    private async Task FinishAsync(FarmLoad load, params string[] phases)
    {
        await Eventually.IsTrueAsync(() => load[phases[^1]].Resumed > 0, "nobody resumes");
        load.Stop();
        foreach (string phase in phases)
        {
            await TestContext.Out.WriteLineAsync($"  TLS {version} {phase}: {load[phase]}");
        }

        await _farm.PrintAsync("after");
        Assert.That(load.Failures, Is.Empty);
        Assert.That(phases.Select(phase => load[phase].Connections), Is.All.Positive);
        Assert.That(await _farm.CountAsync("failedHandshakes"), Is.Zero);
    }

    private static Func<Task> Done(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };
}
