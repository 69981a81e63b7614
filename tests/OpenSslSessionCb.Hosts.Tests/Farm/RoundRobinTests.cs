using System.Diagnostics;
using System.Globalization;
using System.Text;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>
/// Two nodes, one Redis, and a balancer that sends every client to the node where it was not last: with the library and without.
/// </summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Parallelizable(ParallelScope.Self)]
[Platform("Linux")]
public sealed class RoundRobinTests
{
    private const int Rate = 200;

    private const int QuietSeconds = 3;
    private const int LongestWarmUpInSeconds = 20;

    private static readonly TimeSpan s_measured = TimeSpan.FromSeconds(5);

    private readonly StringBuilder _table = new();

    [OneTimeSetUp]
    public void WriteHead()
    {
        _table.AppendLine(CultureInfo.InvariantCulture,
            $"Two Kestrel nodes and one Redis on this machine, {Environment.ProcessorCount} processors, the clients among them; "
                + $"{Rate} new connections a second asked for.");
        _table.AppendLine("Every client goes to the node where it was not last, and is away for 75 ms at least: "
            + "a session is written in a moment, not at once.");
        _table.AppendLine(CultureInfo.InvariantCulture, $"{s_measured.TotalSeconds} s are counted, once {QuietSeconds} s have passed "
            + $"without a late lookup, or after {LongestWarmUpInSeconds} s: at first nodes are busy compiling. Returning: "
            + $"the client offered a session. Late: lookups that took longer than a handshake waits for them, "
            + $"or that were left out because too many before had.");
        _table.AppendLine();
        _table.AppendLine("| TLS | nodes | connections a second | failed | returning | resumed | | late |");
        _table.AppendLine("|---|---|---|---|---|---|---|---|");
    }

    [OneTimeTearDown]
    public async Task WriteTable()
    {
        string file = Repository.PathOf("artifacts/farm/round-robin.txt");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        await File.WriteAllTextAsync(file, _table.ToString());
        await TestContext.Progress.WriteLineAsync(_table.ToString());
    }

    /// <summary>
    /// 20 ms is what a handshake waits for the store unless it is told otherwise. On a machine that is busy with other things some
    /// lookups take longer, and are full handshakes: then the number says more of the machine, and is shown only.
    /// </summary>
    [TestCase("1.2", 20)]
    [TestCase("1.3", 20)]
    [TestCase("1.2", 500)]
    [TestCase("1.3", 500)]
    public async Task Clients_WithTheLibrary_Resume(string version, int deadline)
    {
        await using ServerProcess redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());

        (FarmTally tally, long late) = await MeasureAsync(
            version, $"with the library, {deadline} ms", redis.Address, "--lookup-deadline", $"{deadline}");

        Assert.That(tally.Failures, Is.Empty);
        Assert.That(tally.Offered, Is.GreaterThan(100), "clients came back");
        Assert.That(
            tally.ResumedShare, Is.GreaterThanOrEqualTo(0.99).Or.Matches<double>(_ => deadline == 20 && late > 0), $"{tally}, {late} late");
    }

    [TestCase("1.2")]
    [TestCase("1.3")]
    public async Task Clients_WithoutTheLibrary_DoNot(string version)
    {
        (FarmTally tally, _) = await MeasureAsync(version, "without", redis: null);

        Assert.That(tally.Failures, Is.Empty);
        Assert.That(tally.Offered, Is.GreaterThan(100), "clients came back");
        Assert.That(tally.Resumed, Is.Zero);
    }

    private async Task<(FarmTally Tally, long Late)> MeasureAsync(string version, string nodes, string? redis, params string[] options)
    {
        using KestrelFarm farm = await KestrelFarm.StartAsync(redis, options);
        using var load = new FarmLoad(farm.EndPoints, version, Rate);
        load.Start("warming up");
        long lateBefore = await WarmUpAsync(farm, isAlone: redis is null);
        var clock = Stopwatch.StartNew();
        load.Enter("measured");
        await Task.Delay(s_measured);
        load.Enter("end");
        double seconds = clock.Elapsed.TotalSeconds;
        load.Stop();

        long late = await LateAsync(farm, isAlone: redis is null) - lateBefore;
        await farm.PrintAsync($"TLS {version} {nodes}");
        FarmTally tally = load["measured"];
        _table.AppendLine(CultureInfo.InvariantCulture,
            $"| {version} | {nodes} | {tally.Connections / seconds:0} | {tally.Failures.Count} | {tally.Offered} | "
                + $"{tally.Resumed} | {tally.ResumedShare:0.0 %} | {late} |");
        return (tally, late);
    }

    /// <summary>Returns how many lookups were late by then.</summary>
    private static async Task<long> WarmUpAsync(KestrelFarm farm, bool isAlone)
    {
        long late = 0;
        int quiet = 0;
        for (int second = 0; second < LongestWarmUpInSeconds && quiet < QuietSeconds; second++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            long before = late;
            late = await LateAsync(farm, isAlone);
            quiet = late == before ? quiet + 1 : 0;
        }

        return late;
    }

    private static async Task<long> LateAsync(KestrelFarm farm, bool isAlone) => isAlone ? 0 : await farm.CountAsync("late");
}
