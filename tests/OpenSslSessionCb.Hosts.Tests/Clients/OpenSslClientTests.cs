using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Clients;

/// <summary>Debian's openssl, unmodified.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class OpenSslClientTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Client_Reconnecting_ResumesEachTime()
    {
        using ServeProcess server = await ServeProcess.StartAsync("--tls", "1.2");

        // In TLS 1.3 openssl reconnects before it has read the ticket.
        ProcessResult result = await OpenSslClient.GetAsync(server, "-tls1_2", "-reconnect");

        Assert.That(result.Output.Split('\n').Count(static line => line.StartsWith("Reused, TLSv1.2", StringComparison.Ordinal)),
            Is.EqualTo(5), result.All);
        Assert.That(result.Output, Does.Contain("reused: yes"));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Client_GoingToTheOtherProcess_ResumesThere(string version)
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder);
        ProcessResult first = await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);
        Assert.That(first.Output, Does.Contain("reused: no"), first.All);
        await servers.First.WaitUntilWrittenAsync();

        ProcessResult second = await OpenSslClient.GetAsync(servers.Second, version, "-sess_in", _folder["session"]);

        Assert.That(
            second.Output, Does.Contain("Reused, TLSv1.").And.Contain("reused: yes").And.Contain($"pid: {servers.Second.Id}"), second.All);
        Assert.That(await servers.Second.StatisticAsync("hits"), Is.EqualTo(1));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Client_GoingToAnotherFarm_GetsAFullHandshake(string version)
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, ["--farm", "blue"], ["--farm", "green"]);
        await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);
        await servers.First.WaitUntilWrittenAsync();

        ProcessResult second = await OpenSslClient.GetAsync(servers.Second, version, "-sess_in", _folder["session"]);

        Assert.That(second.Output, Does.Contain("reused: no"), second.All);
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Client_ServerGivesOutTickets_ResumesWithoutTheStore(string version)
    {
        using ServeProcess server = await ServeProcess.StartAsync("--tickets", "on");
        await OpenSslClient.GetAsync(server, version, "-sess_out", _folder["session"]);

        ProcessResult second = await OpenSslClient.GetAsync(server, version, "-sess_in", _folder["session"]);

        Assert.That(second.Output, Does.Contain("reused: yes"), second.All);
        Assert.That(await server.StatisticAsync("get"), Is.Zero);
    }

    [Test]
    public async Task Ciphers_Chosen_AreTheOnlyOnesSpoken()
    {
        using ServeProcess server = await ServeProcess.StartAsync("--ciphers", "ECDHE-ECDSA-CHACHA20-POLY1305:TLS_AES_128_GCM_SHA256");

        Assert.That((await OpenSslClient.GetAsync(server, "-tls1_2")).Output, Does.Contain("cipher: ECDHE-ECDSA-CHACHA20-POLY1305"));
        Assert.That((await OpenSslClient.GetAsync(server, "-tls1_3")).Output, Does.Contain("cipher: TLS_AES_128_GCM_SHA256"));
        Assert.That((await OpenSslClient.GetAsync(server, "-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-GCM-SHA384")).ExitCode, Is.Not.Zero);
    }

    [TestCase("1.2", "-tls1_3")]
    [TestCase("1.3", "-tls1_2")]
    public async Task Tls_OneVersionOnly_RefusesTheOther(string spoken, string asked)
    {
        using ServeProcess server = await ServeProcess.StartAsync("--tls", spoken);

        Assert.That((await OpenSslClient.GetAsync(server, asked)).ExitCode, Is.Not.Zero);
        Assert.That((await OpenSslClient.GetAsync(server)).Output, Does.Contain("protocol: TLSv" + spoken));
    }
}
