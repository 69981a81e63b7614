namespace OpenSslSessionCb.Tests;

[Parallelizable(ParallelScope.Self)]
public sealed class ValkeyContractTests : RedisSessionStoreTests
{
    private ServerProcess? _server;

    protected override string Address => _server!.Address;

    [OneTimeSetUp]
    public async Task Start() => _server = await ServerProcess.StartAsync(ServerPrograms.ValkeyOrIgnore());

    [OneTimeTearDown]
    public async Task End() => await (_server?.DisposeAsync() ?? default);
}
