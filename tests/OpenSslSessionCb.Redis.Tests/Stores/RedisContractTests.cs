namespace OpenSslSessionCb.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class RedisContractTests : RedisSessionStoreTests
{
    private ServerProcess? _server;

    protected override string Address => _server!.Address;

    [OneTimeSetUp]
    public async Task Start() => _server = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());

    [OneTimeTearDown]
    public async Task End() => await (_server?.DisposeAsync() ?? default);
}
