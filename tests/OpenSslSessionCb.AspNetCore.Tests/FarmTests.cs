using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>The demo farm, as a user starts it.</summary>
[TestFixture]
[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class FarmTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("Redis at 127.0.0.1:")]
    [TestCase("an SQLite file", "--sqlite")]
    public async Task Connections_GoToTheNodesInTurn_AndResume(string store, params string[] arguments)
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder, arguments);
        Assert.That(farm.Said, Does.Contain(store));

        string made = await SClient.GetAsync(farm.EndPoint, "-tls1_3", "-sess_out", _folder["session"]);
        Assert.That(made, Does.Contain("New, TLSv1.3").And.Contain("/sessions"));
        await WaitUntilTheOtherNodesTurnAsync(farm);
        string resumed = await SClient.GetAsync(farm.EndPoint, "-tls1_3", "-sess_in", _folder["session"]);

        Assert.That(resumed, Does.Contain("Reused, TLSv1.3"));
    }

    [TestCase(Signal.Interrupt)]
    [TestCase(Signal.Terminate)]
    [TestCase(null)]
    public async Task Ended_LeavesNothingBehind(object? signal)
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder);
        int[] started = farm.Started;
        Assert.That(started, Has.Length.EqualTo(6), "a shell and its program for each node and Redis");

        if (signal is Signal given)
        {
            given.Send(farm.Id);
        }
        else
        {
            farm.CloseInput();
        }

        ProcessResult result = await farm.ExitAsync();
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(started.Where(ProcessTree.IsRunning), Is.Empty);
        Assert.That(Directory.EnumerateFileSystemEntries(_folder.Root), Is.Empty);
    }

    [Test]
    public async Task KilledOutright_WhatItStartedEnds()
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder);
        int[] started = farm.Started;

        Signal.Kill.Send(farm.Id);

        await Eventually.IsTrueAsync(() => !started.Any(ProcessTree.IsRunning), "a process outlives the farm");
    }

    [Test]
    public async Task RedisAndANodeKilled_TheOtherNodeServes()
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder);
        await farm.ReadLineAsync();
        int redis = farm.Started.Single(static process => ProcessTree.NameOf(process) == "redis-server");
        int node = farm.Nodes[0];

        Signal.Kill.Send(redis);
        Assert.That(await farm.ReadLineAsync(), Does.StartWith("farm: redis-server has ended: nothing is shared"));
        Signal.Kill.Send(node);
        Assert.That(await farm.ReadLineAsync(), Is.EqualTo($"farm: process {node} has ended: the other node serves everybody"));

        for (int i = 0; i < 3; i++)
        {
            Assert.That(await SClient.GetAsync(farm.EndPoint), Does.Contain("New, TLSv1.3").And.Contain("/sessions"));
        }
    }

    [Test]
    public async Task NoRedisServer_SaysWhereToGetIt_AndSharesAnSqliteFile()
    {
        Directory.CreateDirectory(_folder["bin"]);
        File.CreateSymbolicLink(_folder["bin/dotnet"], ChildProcess.Find("dotnet")!);
        ProcessResult result = await RunAsync(
            new Dictionary<string, string> { ["PATH"] = _folder["bin"] }, "--port", "0", "--until-stdin-closes");

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(result.Output, Does.StartWith(
            "farm: redis-server is not installed (Debian: sudo apt-get install redis-server), so the nodes share an SQLite file\n"));
        Assert.That(result.Output, Does.Contain("share their TLS sessions in an SQLite file\n"));
    }

    [Test]
    public async Task RedisServerDoesNotStart_OneSentence()
    {
        Directory.CreateDirectory(_folder["bin"]);

        // Another process writes the program: one that this process has had open for writing cannot be executed while any
        // child of its other tests still has it.
        await ChildProcess.RunAsync("install",
            ["-m", "0500", _folder.Write("redis-server.txt", "#!/bin/sh\necho 'no memory today'\nexit 1\n"), _folder["bin/redis-server"]]);
        ProcessResult result = await RunAsync(
            new Dictionary<string, string> { ["PATH"] = _folder["bin"] + ":" + Environment.GetEnvironmentVariable("PATH") }, "--port", "0");

        Assert.That(
            (result.ExitCode, result.Errors, result.Output), Is.EqualTo((1, "farm: redis-server did not start: no memory today\n", "")));
    }

    [Test]
    public async Task PortInUse_OneSentence()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        int port = ((IPEndPoint)listener.LocalEndpoint).Port;
        ProcessResult result = await RunAsync([], "--port", $"{port}");

        Assert.That(
            (result.ExitCode, result.Errors, result.Output),
            Is.EqualTo((1, $"farm: port {port} is in use. Choose another one with --port.\n", "")));
    }

    [TestCase("--port", "70000")]
    [TestCase("--port")]
    [TestCase("--nodes")]
    public async Task BadOption_OneSentence(params string[] arguments)
    {
        ProcessResult result = await RunAsync([], arguments);

        Assert.That((result.ExitCode, result.Output), Is.EqualTo((2, "")));
        Assert.That(result.Errors, Does.StartWith("farm: ").And.Contain(arguments[0]).And.EndsWith(".\n"));
        Assert.That(result.Errors.Split('\n'), Has.Length.EqualTo(2));
    }

    /// <summary>
    /// Until everything that was announced so far is in the store, and the first connection's node has just had its turn.
    /// </summary>
    private static async Task WaitUntilTheOtherNodesTurnAsync(FarmProcess farm)
    {
        int one = await WaitForNextNodeAsync(farm);
        int other = await WaitForNextNodeAsync(farm);
        Assert.That(other, Is.Not.EqualTo(one), "the nodes take turns");
    }

    /// <summary>Connects to the node whose turn it is, and waits on that one connection until it has written what it had to.</summary>
    /// <returns>Its process id.</returns>
    private static async Task<int> WaitForNextNodeAsync(FarmProcess farm)
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
            MaxConnectionsPerServer = 1,
        };
        using var client = new HttpClient(handler);
        int node = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                using JsonDocument data = JsonDocument.Parse(await client.GetStringAsync(new Uri(farm.Address + "/data")));
                int before = node;
                node = data.RootElement.GetProperty("node").GetProperty("process").GetInt32();
                Assert.That(before, Is.Zero.Or.EqualTo(node), "one connection, one node");
                return data.RootElement.GetProperty("statistics").GetProperty("queued").GetInt64() == 0;
            },
            "the queue does not empty");
        return node;
    }

    private async Task<ProcessResult> RunAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        foreach ((string name, string value) in FarmProcess.Environment(_folder))
        {
            environment.TryAdd(name, value);
        }

        using var process = ChildProcess.Start("dotnet", [FarmProcess.Program, .. arguments], environment);
        try
        {
            process.StandardInput.Close();
            Task<string> output = process.StandardOutput.ReadToEndAsync();
            Task<string> errors = process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync().WaitAsync(ChildProcess.Patience);
            return new ProcessResult(process.ExitCode, await output, await errors);
        }
        finally
        {
            ChildProcess.Kill(process);
        }
    }
}
