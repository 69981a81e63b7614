using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Clients;

/// <summary>The load of another TLS stack: NSS, with Debian's strsclnt.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class StrsclntTests
{
    private const int Connections = 500;
    private const int MostNotResumed = 8;

    private TemporaryFolder _folder = null!;

    [SetUp]
    public async Task MakeCertificateDatabase()
    {
        if (ChildProcess.Find("strsclnt") is null || ChildProcess.Find("certutil") is null)
        {
            Assert.Ignore("strsclnt or certutil is not installed: apt-get install libnss3-tools");
        }

        _folder = new TemporaryFolder();
        Directory.CreateDirectory(_folder["nss"]);
        ProcessResult made = await ChildProcess.RunAsync("certutil", ["-N", "-d", _folder["nss"], "--empty-password"]);
        Assert.That(made.ExitCode, Is.Zero, made.All);
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [TestCase("tls1.2", "memory")]
    [TestCase("tls1.2", "sqlite")]
    [TestCase("tls1.3", "memory")]
    [TestCase("tls1.3", "sqlite")]
    public async Task Load_FourThreads_IsResumedButForTheFirst(string version, string store)
    {
        using ServeProcess server = await ServeProcess.StartAsync(
            "--store", store == "memory" ? store : "sqlite:" + _folder["sessions.db"]);

        ProcessResult result = await ChildProcess.RunAsync("strsclnt",
        [
            "-d", _folder["nss"], "-p", server.EndPoint.Port.ToString(CultureInfo.InvariantCulture), "-o", "-q",
            "-c", Connections.ToString(CultureInfo.InvariantCulture), "-t", "4", "-V", $"{version}:{version}", "127.0.0.1",
        ]);

        // Printed twice: for the first connection, which is made alone, and for all of them.
        int hits = Regex.Matches(result.All, @"(\d+) cache hits; \d+ cache misses, \d+ cache not reusable")
            .Max(static line => int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture));
        await TestContext.Out.WriteLineAsync($"{version}, {store}: {hits} of {Connections} resumed");
        Assert.That(hits, Is.GreaterThanOrEqualTo(Connections - MostNotResumed), result.All);

        // As libssl saw it: one session was asked for in each of them.
        Assert.That(await server.StatisticAsync("hits"), Is.GreaterThanOrEqualTo(Connections - MostNotResumed));
        Assert.That(await server.StatisticAsync("errors"), Is.Zero);
    }
}
