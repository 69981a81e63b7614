using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>A daemon that has closed every file it does not know, and gone to /.</summary>
public sealed class DaemonTests : SmallHostTests
{
    private string Report => Setup.Folder["report"];

    private string Own => Setup.Folder["own.log"];

    [Test]
    public async Task Daemon_LogIsAFile_GetsItsLine()
    {
        Assert.That(await ServeAsync("null", new() { ["OSSCB_LOG"] = Setup.Log }), Does.StartWith("0 bytes"));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Daemon_StderrHasBecomeASocket_NothingIsWrittenThere() =>
        Assert.That(await ServeAsync("socket", new() { ["OSSCB_LOG"] = "stderr" }), Does.StartWith("0 bytes, stderr is socket:"));

    [Test]
    public async Task Daemon_StderrIsItsOwnLog_GetsItsLine()
    {
        await ServeAsync(Own, new() { ["OSSCB_LOG"] = "stderr" });
        Assert.That(await File.ReadAllTextAsync(Own), Does.Contain("TLS sessions are shared by way of "));
    }

    [Test]
    public async Task Daemon_PathsAreRelative_AreWhereItWasStarted()
    {
        var environment = new Dictionary<string, string>
        {
            ["OSSCB_STORE"] = "sqlite:run/there.db",
            ["OSSCB_KEY_FILE"] = "run/there.key",
            ["OSSCB_LOG"] = "run/there.log",
        };
        string program = await SmallPrograms.FindAsync("hosts/daemon");

        // A shell that changes the folder, because nothing else can for a process that .NET starts here.
        await ServeAsync(["-c", "cd \"$0\" && exec \"$@\"", Setup.Folder.Root, program], "null", environment);
        Assert.That(
            Directory.EnumerateFiles(Setup.RunFolder).Select(Path.GetFileName),
            Is.SupersetOf(new[] { "there.db", "there.key", "there.log" }));
    }

    /// <summary>The connection to Redis, for one, would get the number, and what the host then prints.</summary>
    [Test]
    public async Task Daemon_StderrIsClosed_NothingOfOursTakesItsPlace()
    {
        NativeLibraries.RequireOrIgnore("redis-server");
        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        string report = await ServeAsync(
            "closed", new() { ["OSSCB_STORE"] = $"redis:{redis.Address}", ["OSSCB_LOG"] = Setup.Log }, connections: 10);
        Assert.That(report, Is.EqualTo("0 bytes, stderr is /"), "a file that cannot be written to");
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    private async Task<string> ServeAsync(string stderr, Dictionary<string, string> environment, int connections = 2) =>
        await ServeAsync(["-c", "exec \"$@\"", "", await SmallPrograms.FindAsync("hosts/daemon")], stderr, environment, connections);

    /// <summary>Lets it serve until it ends; returns its report.</summary>
    private async Task<string> ServeAsync(string[] shell, string stderr, Dictionary<string, string> environment, int connections = 2)
    {
        var all = new Dictionary<string, string>(Setup.Preloaded);
        foreach ((string name, string value) in environment)
        {
            all[name] = value;
        }

        using var process = ChildProcess.Start("sh", [.. shell, Setup.Certificate, Setup.Key, $"{connections}", Report, stderr], all);
        try
        {
            string line = await process.StandardOutput.ReadLineAsync().WaitAsync(ChildProcess.Patience)
                ?? await process.StandardError.ReadToEndAsync();
            int port = int.Parse(
                line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..], System.Globalization.CultureInfo.InvariantCulture);
            Visits visits = await Visits.ReturningAsync([port], "1.3", connections - 1, pauseMilliseconds: 20);
            Assert.That((visits.Resumed, visits.Failures), Is.EqualTo((connections - 1, Array.Empty<string>())));
            await Eventually.IsTrueAsync(() => File.Exists(Report) && new FileInfo(Report).Length > 0, "the daemon ends");
            return (await File.ReadAllTextAsync(Report)).TrimEnd('\n');
        }
        finally
        {
            ChildProcess.Kill(process);
        }
    }
}
