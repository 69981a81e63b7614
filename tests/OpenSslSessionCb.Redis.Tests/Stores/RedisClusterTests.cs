using StackExchange.Redis;

namespace OpenSslSessionCb.Tests;

/// <summary>A cluster of three nodes, of which the store is told one.</summary>
public sealed class RedisClusterTests
{
    private const int Nodes = 3;
    private const int Slots = 16_384;

    private readonly List<ServerProcess> _nodes = [];
    private string _folder = null!;

    [OneTimeSetUp]
    public async Task Start()
    {
        string program = ServerPrograms.RedisOrIgnore();
        _folder = Directory.CreateTempSubdirectory("sesscb-cluster-").FullName;
        List<int> busPorts = [];
        for (int number = 0; number < Nodes; number++)
        {
            busPorts.Add(FreePort.Next());
            _nodes.Add(await ServerProcess.StartAsync(
                program, "--dir", _folder, "--cluster-enabled", "yes", "--cluster-config-file", $"nodes-{number}.conf",
                "--cluster-port", $"{busPorts[number]}"));
        }

        for (int number = 0; number < Nodes; number++)
        {
            await AskAsync(number, "CLUSTER", "ADDSLOTSRANGE", $"{number * Slots / Nodes}", $"{((number + 1) * Slots / Nodes) - 1}");
            await AskAsync(0, "CLUSTER", "MEET", "127.0.0.1", $"{_nodes[number].Port}", $"{busPorts[number]}");
        }

        await Eventually.True(
            () => Enumerable.Range(0, Nodes).All(number => $"{AskAsync(number, "CLUSTER", "INFO").GetAwaiter().GetResult()}"
                .Contains("cluster_state:ok", StringComparison.Ordinal)),
            "every node knows every slot");
    }

    [OneTimeTearDown]
    public async Task End()
    {
        foreach (ServerProcess node in _nodes)
        {
            await node.DisposeAsync();
        }

        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public async Task Store_ToldOneNode_SpreadsRecordsOverAllAndFindsThem()
    {
        await using RedisSessionStore store = RedisSessionStore.Connect(_nodes[0].Address);
        for (int number = 0; number < 60; number++)
        {
            await store.PutAsync(TroubleTests.Key(number), TroubleTests.Record(number), TimeSpan.FromHours(1));
        }

        for (int node = 0; node < Nodes; node++)
        {
            Assert.That((int)await AskAsync(node, "DBSIZE"), Is.GreaterThan(5), $"records on node {node}");
        }

        for (int number = 0; number < 60; number++)
        {
            Assert.That(await store.GetAsync(TroubleTests.Key(number)), Is.EqualTo(TroubleTests.Record(number)));
            Assert.That(await store.TakeAsync(TroubleTests.Key(number)), Is.EqualTo(TroubleTests.Record(number)));
            await store.RemoveAsync(TroubleTests.Key(number));
            Assert.That(await store.GetAsync(TroubleTests.Key(number)), Is.Null);
        }
    }

    /// <summary>A record that is taken is moved first, and a cluster moves nothing from one slot into another.</summary>
    [TestCase("shop:")]
    [TestCase("{sessions}:")]
    [TestCase("shop:{a}{b}:")]
    public async Task Take_AnyPrefix_RecordStaysInItsSlot(string prefix)
    {
        await using RedisSessionStore store =
            RedisSessionStore.Connect(_nodes[0].Address, new RedisSessionStoreOptions { KeyPrefix = prefix });
        for (int number = 0; number < 20; number++)
        {
            await store.PutAsync(TroubleTests.Key(number), TroubleTests.Record(number), TimeSpan.FromHours(1));
            Assert.That(await store.TakeAsync(TroubleTests.Key(number)), Is.EqualTo(TroubleTests.Record(number)));
        }
    }

    private async Task<RedisResult> AskAsync(int node, string command, params string[] arguments)
    {
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{_nodes[node].Address},allowAdmin=true");
        return await admin.GetServer(_nodes[node].Address).ExecuteAsync(command, [.. arguments]);
    }
}
