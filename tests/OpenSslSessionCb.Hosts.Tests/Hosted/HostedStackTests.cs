using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Hosted;

/// <summary>serve on .NET's own TLS: SslStream and Kestrel. The clients are openssl's.</summary>
[TestFixture("sslstream", "sslstream", "-tls1_2")]
[TestFixture("sslstream", "sslstream", "-tls1_3")]
[TestFixture("openssl", "sslstream", "-tls1_2")]
[TestFixture("openssl", "sslstream", "-tls1_3")]
[TestFixture("sslstream", "openssl", "-tls1_2")]
[TestFixture("sslstream", "openssl", "-tls1_3")]
[TestFixture("kestrel", "kestrel", "-tls1_2")]
[TestFixture("kestrel", "kestrel", "-tls1_3")]
[TestFixture("sslstream", "kestrel", "-tls1_2")]
[TestFixture("openssl", "kestrel", "-tls1_3")]
[TestFixture("kestrel", "openssl", "-tls1_2")]
[TestFixture("kestrel", "sslstream", "-tls1_3")]
[Platform("Linux")]
public sealed class HostedStackTests(string from, string to, string version)
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Client_GoingToTheOtherProcess_ResumesThere()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, ["--stack", from], ["--stack", to]);
        ProcessResult first = await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);
        Assert.That(first.Output, Does.Contain("reused: no").And.Contain("certificate: no"), first.All);
        await servers.First.WaitUntilWrittenAsync();

        ProcessResult second = await OpenSslClient.GetAsync(servers.Second, version, "-sess_in", _folder["session"]);

        Assert.That(
            second.Output, Does.Contain("Reused, TLSv1.").And.Contain("reused: yes").And.Contain($"pid: {servers.Second.Id}"), second.All);
        Assert.That(second.Output, Does.Contain("protocol: TLSv1." + version[^1]));
        Assert.That(await servers.Second.StatisticAsync("hits"), Is.EqualTo(1));
        Assert.That(await servers.Second.StatisticAsync("errors"), Is.Zero);
    }

    [Test]
    public async Task Client_GoingToAnotherFarm_GetsAFullHandshake()
    {
        using ServerPair servers = await ServerPair.StartAsync(
            _folder, ["--stack", from, "--farm", "blue"], ["--stack", to, "--farm", "green"]);
        await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);
        await servers.First.WaitUntilWrittenAsync();

        ProcessResult second = await OpenSslClient.GetAsync(servers.Second, version, "-sess_in", _folder["session"]);

        Assert.That(second.Output, Does.Contain("reused: no"), second.All);
    }

    [Test]
    public async Task Client_ServersWithoutCache_GetsAFullHandshake()
    {
        using ServerPair servers = await ServerPair.StartWithoutCacheAsync(_folder, ["--stack", from], ["--stack", to]);
        await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);

        ProcessResult there = await OpenSslClient.GetAsync(servers.Second, version, "-sess_in", _folder["session"]);
        ProcessResult back = await OpenSslClient.GetAsync(servers.First, version, "-sess_in", _folder["session"]);

        Assert.That(there.Output, Does.Contain("reused: no"), there.All);
        Assert.That(back.Output, Does.Contain("reused: yes"), "as any server does by itself" + back.All);
        Assert.That((await servers.Second.StatisticsAsync()).TryGetProperty("hits", out _), Is.False, "no cache, no counts of one");
    }

    [Test]
    public async Task Check_BothStacks_EveryPairResumes()
    {
        using ServerPair servers = await ServerPair.StartAsync(
            _folder, ["--stack", from, "--tls", Spoken], ["--stack", to, "--tls", Spoken]);

        ProcessResult result = await SesscbTool.RunAsync("check", servers.First.Address, servers.Second.Address);

        Assert.That(result.Output, Does.EndWith("check: 4 of 4 resumed\n").And.Contain("version not spoken"), result.All);
        Assert.That(result.ExitCode, Is.Zero);
    }

    private string Spoken => version == "-tls1_2" ? "1.2" : "1.3";
}
