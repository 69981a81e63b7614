using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// Workers that may do less than their master when their first client comes: either they share, or one line says why not and they
/// serve as before.
/// </summary>
public sealed class RestrictedWorkerTests : SmallHostTests
{
    private const string Nobody = "65534";

    private string Root => Setup.Folder["root"];

    [Test]
    public async Task User_MayReadTheKeyAndWriteTheStore_Shares()
    {
        RequireRoot();
        await ServeAsync(GroupsKey(), "user=" + Nobody);
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), string.Join('\n', Log));
    }

    [Test]
    public async Task User_MayNotReadTheKey_OneLineNamesFileAndUser()
    {
        RequireRoot();
        Dictionary<string, string> environment = GroupsKey();
        File.SetUnixFileMode(environment["OSSCB_KEY_FILE"], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await ServeAsync(environment, "user=" + Nobody);
        AssertEachWorkerSays(
            "Sessions are not shared: ", environment["OSSCB_KEY_FILE"] + " may not be opened", $"The process runs as user {Nobody}.");
    }

    [Test]
    public async Task User_MayNotWriteTheStore_OneLineNamesFileAndUser()
    {
        RequireRoot();
        Dictionary<string, string> environment = GroupsKey();
        environment["OSSCB_STORE"] = $"sqlite:{Setup.Folder["sessions.db"]}";
        await ServeAsync(environment, "user=" + Nobody);
        AssertEachWorkerSays("Sessions are not shared: ", Setup.Folder["sessions.db"], $"The process runs as user {Nobody}.");
    }

    [Test]
    public async Task User_MayNotWriteTheLog_ItsLinesGoToStderr()
    {
        RequireRoot();
        Dictionary<string, string> environment = GroupsKey();
        environment["OSSCB_LOG"] = Setup.Folder["roots.log"];
        SmallHost host = await ServeAsync(environment, "user=" + Nobody);
        Assert.That(
            (await host.ErrorsAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries),
            Has.Length.EqualTo(2).And.All.Contains("TLS sessions are shared by way of "));
    }

    /// <summary>There is nothing in it: no /proc, no /dev, no library. Store, key and log are the paths inside.</summary>
    [Test]
    public async Task Root_IsAnEmptyFolder_Shares([Values("sqlite:/sessions.db", "memory")] string store)
    {
        RequireRoot();
        await ServeAsync(Inside(store), "root=" + Root);
        string[] log = await File.ReadAllLinesAsync(Path.Combine(Root, "osscb.log"));
        Assert.That(log, Has.Length.EqualTo(2).And.All.Contains($"TLS sessions are shared by way of {store}"));
    }

    [Test]
    public async Task Root_AndAnotherUser_WorkersResumeEachOthersSessions([Values("1.2", "1.3")] string version)
    {
        RequireRoot();
        Dictionary<string, string> environment = Inside("sqlite:/sessions.db");
        Assert.That((await ChildProcess.RunAsync("chown", [Nobody, Root])).ExitCode, Is.Zero);
        using SmallHost host = await StartAsync(environment, "root=" + Root, "user=" + Nobody);
        int[] ports = await host.PortsAsync(2);
        await Visits.ResumedByTheOtherAsync(ports[0], ports[1], version);
    }

    /// <summary>systemd's SystemCallFilter=@system-service has all that .NET needs.</summary>
    [Test]
    public async Task Seccomp_AsForASystemService_Shares()
    {
        await ServeAsync(new(Setup.Preloaded), "deny=service");
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), string.Join('\n', Log));
    }

    [Test]
    public async Task Seccomp_DeniesWhatDotNetCanDoWithout_Shares(
        [Values("membarrier", "sched_getaffinity", "sched_setaffinity", "get_mempolicy", "mbind", "memfd_create",
            "sysinfo", "prlimit64", "madvise", "mlock", "prctl", "statfs", "flock", "ioctl", "sched_yield", "readlink")] string call)
    {
        await ServeAsync(new(Setup.Preloaded), "deny=" + call);
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), string.Join('\n', Log));
    }

    /// <summary>.NET ends a process in which it cannot start. Not a host's.</summary>
    [TestCase("membarrier,mlock", "the .NET runtime cannot start in this process: Fatal error. .NET runtime failed to initialize")]
    [TestCase("clone3", "no thread can be made: ")]
    public async Task Seccomp_DeniesWhatDotNetCannotDoWithout_OneLineSaysSo(string calls, string reason)
    {
        await ServeAsync(new(Setup.Preloaded), "deny=" + calls);
        AssertEachWorkerSays("Sessions are not shared: ", reason);
    }

    [Test]
    public async Task AddressSpace_IsSmall_OneLineSaysSo([Values(128, 256, 512, 1024)] int megabytes)
    {
        await ServeAsync(new(Setup.Preloaded), $"address_space={megabytes}");
        AssertEachWorkerSays("Sessions are not shared: ", "1024 MB more of address space");
    }

    [Test]
    public async Task AddressSpace_IsEnough_Shares()
    {
        await ServeAsync(new(Setup.Preloaded), "address_space=1536");
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), string.Join('\n', Log));
    }

    [Test]
    public async Task Data_IsSmall_OneLineSaysSo()
    {
        await ServeAsync(new(Setup.Preloaded), "data=64");
        AssertEachWorkerSays("Sessions are not shared: ", "more of data");
    }

    [Test]
    public async Task Threads_MayNotBeMade_OneLineSaysSo()
    {
        RequireRoot();
        await ServeAsync(GroupsKey(), "processes=0", "user=" + Nobody);
        AssertEachWorkerSays("Sessions are not shared: ", "no thread can be made: Resource temporarily unavailable");
    }

    /// <summary>It would not start with so little, and these are for other programs.</summary>
    [Test]
    public async Task Environment_SetsUpDotNet_IsNotForUs()
    {
        var environment = new Dictionary<string, string>(Setup.Preloaded)
        {
            ["DOTNET_GCRegionRange"] = "100000",
            ["DOTNET_GCHeapHardLimit"] = "100000",
        };
        await ServeAsync(environment);
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((2, 0)), string.Join('\n', Log));
    }

    private void AssertEachWorkerSays(params string[] parts)
    {
        Assert.That(Log, Has.Length.EqualTo(2));
        foreach (string part in parts)
        {
            Assert.That(Log, Is.All.Contain(part));
        }
    }

    /// <summary>A store that anyone may write, and a key that only nobody's group may read.</summary>
    private Dictionary<string, string> GroupsKey()
    {
        string open = Directory.CreateDirectory(Setup.Folder["open"]).FullName;
        File.SetUnixFileMode(open, (UnixFileMode)0b111_111_111);
        File.SetUnixFileMode(Setup.Log, (UnixFileMode)0b110_110_110);
        Assert.That(ChildProcess.RunAsync("chgrp", [Nobody, Setup.KeyFile]).Result.ExitCode, Is.Zero);
        return new(Setup.Preloaded) { ["OSSCB_STORE"] = $"sqlite:{open}/sessions.db" };
    }

    private Dictionary<string, string> Inside(string store)
    {
        Directory.CreateDirectory(Root);
        return new(Setup.Preloaded) { ["OSSCB_STORE"] = store, ["OSSCB_KEY_FILE"] = "/farm.key", ["OSSCB_LOG"] = "/osscb.log" };
    }

    private Task<SmallHost> StartAsync(Dictionary<string, string> environment, params string[] restrictions) =>
        SmallHost.StartAsync("prefork", [Setup.Certificate, Setup.Key, "2", .. restrictions], environment);

    /// <summary>Has each of two workers serve on both versions, and ends them.</summary>
    private async Task<SmallHost> ServeAsync(Dictionary<string, string> environment, params string[] restrictions)
    {
        SmallHost host = await StartAsync(environment, restrictions);
        try
        {
            foreach (int port in await host.PortsAsync(2))
            {
                Assert.That((await Visits.NewAsync(port, "1.2")).Full, Is.EqualTo(1));
                Assert.That((await Visits.NewAsync(port, "1.3")).Full, Is.EqualTo(1));
            }

            Assert.That(host.HasExited, Is.False);
            return host;
        }
        finally
        {
            host.Dispose();
        }
    }
}
