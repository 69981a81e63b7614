using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Servers as they are administered: the configuration read anew, and the binary replaced, while clients come and go.</summary>
[Platform("Linux")]
public sealed partial class UpgradeTests
{
    private const int WindowChange = 28;
    private const int Quit = 3;

    private HostSetup _setup = null!;

    private string PidFile => _setup.Folder["nginx.pid"];

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore("gcc", "nginx", "openssl");
        _setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void DeleteFolder() => _setup?.Dispose();

    [Test]
    public async Task Reload_FiveTimesUnderLoad_NothingFailsAndSessionsLiveOn()
    {
        using NativeHost nginx = await NginxHost.StartAsync(_setup);
        (string old, string current) = (_setup.Folder["1.2.pem"], _setup.Folder["1.3.pem"]);
        await MakeSessionsAsync(nginx.Address, old, current);
        Task<LoadTally> load = LoadClient.RunAsync(_setup.Folder, nginx, "1.3", 1500);
        for (int reload = 0; reload < 5; reload++)
        {
            int[] workers = [.. ProcessTree.ChildrenOf(nginx.Id)];
            Signal.Hangup.Send(nginx.Id);
            await Eventually.IsTrueAsync(
                () => ProcessTree.ChildrenOf(nginx.Id).Count(worker => !workers.Contains(worker)) == 2, "there are new workers");
            await Eventually.IsTrueAsync(() => !workers.Any(ProcessTree.IsRunning), "the old workers end");
            await ResumeAsync(nginx.Address, old, current);
        }

        LoadTally tally = await load;
        Assert.That((tally.Failed, tally.Dropped, tally.Refused), Is.EqualTo((0, 0, 0)), tally.Reasons);
        Assert.That(SharingProcesses(), Is.Unique);
    }

    [Test]
    public async Task Haproxy_StartsItselfAnewToReload_ItsNewWorkerSharesToo()
    {
        NativeLibraries.RequireOrIgnore("haproxy");
        using NativeHost haproxy = await HaproxyHost.StartAsync(_setup);
        (string old, string current) = (_setup.Folder["1.2.pem"], _setup.Folder["1.3.pem"]);
        await MakeSessionsAsync(haproxy.Address, old, current);
        for (int reload = 0; reload < 2; reload++)
        {
            int[] workers = [.. ProcessTree.ChildrenOf(haproxy.Id)];
            Signal.User2.Send(haproxy.Id);
            await Eventually.IsTrueAsync(
                () => ProcessTree.ChildrenOf(haproxy.Id).Any(worker => !workers.Contains(worker)), "there is a new worker");
            await Eventually.IsTrueAsync(() => !workers.Any(ProcessTree.IsRunning), "the old worker ends");
            await ResumeAsync(haproxy.Address, old, current);
        }
    }

    /// <summary>USR2 starts the new binary beside the old one, WINCH ends the old workers, QUIT the old master.</summary>
    [Test]
    public async Task Upgrade_InPlace_TheNewBinaryResumesWhatTheOldOneMade()
    {
        // As a daemon: otherwise nginx does not upgrade. Whatever comes of it stays in its process group.
        (int port, int first) = await StartDaemonAsync();
        try
        {
            string address = $"127.0.0.1:{port}";
            (string old, string current) = (_setup.Folder["1.2.pem"], _setup.Folder["1.3.pem"]);
            await MakeSessionsAsync(address, old, current);
            int sharing = SharingProcesses().Length;

            Signal.User2.Send(first);
            await Eventually.IsTrueAsync(() => MasterNow() is { } now && now != first, "there is a new master");
            int second = MasterNow()!.Value;
            await Eventually.IsTrueAsync(() => ProcessTree.ChildrenOf(second).Count == 2, "it has workers");
            ((Signal)WindowChange).Send(first);
            await Eventually.IsTrueAsync(() => ProcessTree.ChildrenOf(first).All(child => child == second), "the old workers end");
            ((Signal)Quit).Send(first);
            await Eventually.IsTrueAsync(() => !ProcessTree.IsRunning(first), "the old master ends");

            await ResumeAsync(address, old, current);
            Assert.That(SharingProcesses().Skip(sharing), Is.Not.Empty.And.SubsetOf(ProcessTree.ChildrenOf(second)));
        }
        finally
        {
            Signal.Kill.Send(-first);
        }
    }

    private int[] SharingProcesses() =>
        [.. File.ReadAllLines(_setup.Log)
            .Select(static line => int.Parse(Sharing().Match(line).Groups[1].Value, CultureInfo.InvariantCulture))];

    /// <summary>Null: nginx has just given the old master's file another name, and the new one has not written its own yet.</summary>
    private int? MasterNow()
    {
        try
        {
            return int.TryParse(File.ReadAllText(PidFile), CultureInfo.InvariantCulture, out int master) ? master : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }

    private async Task<(int Port, int Master)> StartDaemonAsync()
    {
        int port;
        using (NativeHost nginx = await NginxHost.StartAsync(_setup))
        {
            port = nginx.Port;
        }

        string configuration = await File.ReadAllTextAsync(_setup.Folder["nginx.conf"]);
        File.Delete(PidFile);
        configuration = configuration.Replace("daemon off;", "daemon on;", StringComparison.Ordinal);
        using Process process = ChildProcess.Start(
            "/usr/sbin/nginx", ["-c", _setup.Folder.Write("daemon.conf", configuration)], _setup.Preloaded);
        await process.WaitForExitAsync().WaitAsync(ChildProcess.Patience);
        Assert.That(process.ExitCode, Is.Zero);
        await Eventually.IsTrueAsync(() => MasterNow() is not null, "nginx starts");
        return (port, MasterNow()!.Value);
    }

    private static async Task MakeSessionsAsync(string address, string old, string current)
    {
        await ConnectAsync(address, "-tls1_2", "-sess_out", old);
        await ConnectAsync(address, "-tls1_3", "-sess_out", current);
    }

    /// <summary>Both of them, now: the store has had them for long. That of TLS 1.3 is exchanged for the one that comes of it.</summary>
    private static async Task ResumeAsync(string address, string old, string current)
    {
        await Eventually.IsTrueAsync(async () => await ConnectAsync(address, "-tls1_2", "-sess_in", old), "the TLS 1.2 session resumes");
        await Eventually.IsTrueAsync(
            async () => await ConnectAsync(address, "-tls1_3", "-sess_in", current, "-sess_out", current), "the TLS 1.3 session resumes");
    }

    /// <summary>Whether it resumed.</summary>
    private static async Task<bool> ConnectAsync(string address, params string[] options)
    {
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl", ["s_client", "-connect", address, "-ign_eof", .. options], "GET / HTTP/1.0\r\n\r\n",
            keepInputOpen: TimeSpan.FromSeconds(10));
        Assert.That(result.Output, Does.Contain("Cipher is"), result.All);
        return result.Output.Contains("Reused, TLSv1", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^opensslsessioncb\[(\d+)\]: TLS sessions are shared")]
    private static partial Regex Sharing();
}
