using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>What can befall the nodes of a farm, with a store that is well.</summary>
[TestFixture("1.2")]
[TestFixture("1.3")]
[Platform("Linux")]
public sealed class NodeTroubleTests(string version)
{
    // The store answers: where it takes its time, it is this machine that is busy, and that is not the trouble meant.
    private static readonly string[] s_patient = ["--lookup-deadline", "1000"];

    private ServerProcess _redis = null!;
    private FarmTls _tls = null!;

    [SetUp]
    public async Task StartRedis()
    {
        _redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());
        _tls = new FarmTls(version);
    }

    [TearDown]
    public async Task StopRedis()
    {
        _tls?.Dispose();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }

    [Test]
    public async Task Node_KilledInTheMiddle_TheOtherResumesItsSessions()
    {
        using KestrelFarm farm = await KestrelFarm.StartAsync(_redis.Address, s_patient);
        FarmClient[] clients = [.. Enumerable.Range(0, 20).Select(_ => new FarmClient(_tls))];
        try
        {
            Assert.That(clients.Select(client => client.Visit(farm.First.EndPoint).Failure), Is.All.Null);
            await farm.First.WaitUntilWrittenAsync();

            farm.First.Send(Signal.Kill);
            await farm.First.ExitAsync();

            var resumed = new FarmVisit(null, HasOffered: true, IsResumed: true);
            Assert.That(clients.Select(client => client.Visit(farm.Second.EndPoint)), Is.All.EqualTo(resumed));
            Assert.That(clients.Select(client => client.Visit(farm.Second.EndPoint)), Is.All.EqualTo(resumed), "and goes on with them");
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    [Test]
    public async Task KeyFile_RotatedUnderLoad_NobodyLosesASession()
    {
        using KestrelFarm farm = await KestrelFarm.StartAsync(_redis.Address, [.. s_patient, "--key-file-reload", "1"]);
        using var load = new FarmLoad(farm.EndPoints, version, rate: 50);
        load.Start("before");
        await farm.EventuallyCrossesAsync(_tls, "before");
        await Eventually.IsTrueAsync(() => load["before"].Resumed > 0, "no client comes back");

        load.Enter("the first node has the rotated file");
        SessionKeyRing.Rotate(farm.KeyFile(1));
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await farm.EventuallyCrossesAsync(_tls, "with the rotated file on one of them");

        load.Enter("both nodes have it");
        farm.CopyKeyFile();
        await Task.Delay(TimeSpan.FromSeconds(2.5));
        await farm.EventuallyCrossesAsync(_tls, "with the rotated file on both");

        load.Stop();
        foreach (string phase in (string[])["before", "the first node has the rotated file", "both nodes have it"])
        {
            await TestContext.Out.WriteLineAsync($"  TLS {version} {phase}: {load[phase]}");
            Assert.That(load[phase].Resumed, Is.Positive, phase);
        }

        await farm.PrintAsync("after");
        Assert.That(load.Failures, Is.Empty);
        Assert.That(await farm.CountAsync("rejected"), Is.Zero, "records that could not be opened");

        // Two rotations at once leave no key that sealed before. A node with that file opens what the others seal: so they
        // have read it again.
        SessionKeyRing.Rotate(farm.KeyFile(1), keep: 2);
        SessionKeyRing.Rotate(farm.KeyFile(1), keep: 2);
        farm.CopyKeyFile();
        using ServeProcess fresh = await farm.StartNodeAsync(keyFile: 1);
        await Eventually.IsTrueAsync(() => KestrelFarm.CrossesAsync(_tls, farm.First, fresh), "the first node seals with an old key");
        await Eventually.IsTrueAsync(() => KestrelFarm.CrossesAsync(_tls, farm.Second, fresh), "the second node seals with an old key");
    }

    [TestCase(10)]
    [TestCase(-10)]
    public async Task Clocks_TenMinutesApart_SessionsCross(int minutes)
    {
        using KestrelFarm farm = await KestrelFarm.StartAsync(
            _redis.Address, s_patient, FakeTime.EnvironmentOrIgnore(TimeSpan.FromMinutes(minutes)));
        Assert.That((await DateAsync(farm.Second) - await DateAsync(farm.First)).TotalMinutes, Is.EqualTo(minutes).Within(1),
            "what their clocks say");

        await farm.EventuallyCrossesAsync(_tls, $"with their clocks {minutes} minutes apart");

        using var load = new FarmLoad(farm.EndPoints, version, rate: 50);
        load.Start("apart");
        await Task.Delay(TimeSpan.FromSeconds(2));
        load.Stop();
        await TestContext.Out.WriteLineAsync($"  TLS {version}, {minutes} minutes apart: {load["apart"]}");
        await farm.PrintAsync("after");
        Assert.That(load.Failures, Is.Empty);
        Assert.That(load["apart"].Resumed, Is.Positive);
        Assert.That(await farm.CountAsync("rejected"), Is.Zero);
    }

    private static async Task<DateTimeOffset> DateAsync(ServeProcess node)
    {
        using TlsClient client = await TlsClient.ConnectAsync(node.EndPoint);
        return DateTimeOffset.Parse((await client.AskAsync("GET / HTTP/1.1")).Header("Date")!, CultureInfo.InvariantCulture);
    }
}
