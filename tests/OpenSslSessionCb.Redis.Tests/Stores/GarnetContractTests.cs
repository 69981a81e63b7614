using Garnet;

namespace OpenSslSessionCb.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class GarnetContractTests : RedisSessionStoreTests
{
    private readonly int _port = FreePort.Next();
    private GarnetServer? _server;

    protected override string Address => $"127.0.0.1:{_port}";

    [OneTimeSetUp]
    public void Start()
    {
        _server = new GarnetServer(["--port", $"{_port}", "--bind", "127.0.0.1", "--memory", "64m", "--page", "4m", "--index", "8m", "-q"]);
        _server.Start();
    }

    [OneTimeTearDown]
    public void End() => _server?.Dispose();
}
