using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// native/systemd: systemd understands it, and a server that is started as it says shares its sessions. No systemd runs here; what
/// its settings do is done by hand.
/// </summary>
[Platform("Linux")]
public sealed class SystemdTests
{
    private const string Units = "/lib/systemd/system";

    private HostSetup _setup = null!;

    private static IEnumerable<string> Names => NativeDocument.DropIns.Keys;

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore(HostKind.Programs);
        _setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void DeleteFolder() => _setup?.Dispose();

    [Test]
    public void Document_ShowsTheSettingsOfEveryDropIn()
    {
        Assert.That(Names, Is.EquivalentTo(new[] { "nginx.service", "haproxy.service", "stunnel@.service", "apache2.service" }));
        Assert.That(NativeDocument.DropIns.Values, Is.All.Contain(NativeDocument.Block("ini")));
    }

    [TestCaseSource(nameof(Names))]
    public async Task DropIn_WithItsUnit_IsUnderstood(string unit)
    {
        string text = NativeDocument.DropIns[unit];

        // What is commented out is to be understood, too, once it is not.
        Assert.That(
            await VerifyAsync(unit, text.Replace("\n#", "\n", StringComparison.Ordinal).Replace("\n ", "\n# ", StringComparison.Ordinal)),
            Is.Empty);
        Assert.That(await VerifyAsync(unit, text.Replace("\nEnvironment=", "\nEnviroment=", StringComparison.Ordinal)),
            Does.Contain("Enviroment"), "or nothing was looked at");
    }

    [Test]
    public async Task Haproxy_MayMakeNoThread_ServesAsBeforeAndOneLineSaysWhy()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("HAProxy gives up the right to make threads where it is started by root, and goes on as another user.");
        }

        string Restricted(int port) => Configuration(port)
            .Replace("insecure-fork-wanted", "", StringComparison.Ordinal)
            .Replace("chroot", "#", StringComparison.Ordinal);
        using NativeHost host = await NativeHost.StartAsync(
            "/usr/sbin/haproxy", port => ["-W", "-f", _setup.Folder.Write("haproxy.cfg", Restricted(port))], _setup.Preloaded);
        ProcessResult check = await SesscbTool.RunAsync("check", host.Address);
        Assert.That(check.Output, Does.EndWith("check: 2 of 2 resumed\n").And.Contain("| a ticket |").And.Not.Contain("an id"), check.All);
        Assert.That(File.ReadAllLines(_setup.Log), Has.Length.EqualTo(1).And.All.Contain("Sessions are not shared: no thread can be made"));
    }

    [TestCase("redis")]
    [TestCase("sqlite")]
    public async Task Haproxy_ChangedRootAndUser_SharesAsItsDropInSaysAndAfterAReload(string store)
    {
        NativeLibraries.RequireOrIgnore("unshare", "redis-server");
        if (!Environment.IsPrivilegedProcess || (await ChildProcess.RunAsync("unshare", ["--mount", "true"])).ExitCode != 0)
        {
            Assert.Ignore("Only root may mount, and not in every container.");
        }

        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        (string unit, Dictionary<string, string> environment) = HaproxyUnit(store == "redis" ? $"redis:{redis.Address}" : _setup.Store);
        string configuration = _setup.Folder["haproxy.cfg"];
        string script = BindsOf(unit) + $"\nexec /usr/sbin/haproxy -W -S {_setup.Folder["master.sock"]} -f {configuration}\n";
        using NativeHost host = await NativeHost.StartAsync("unshare", port =>
        {
            File.WriteAllText(configuration, Configuration(port));
            return ["--mount", "sh", "-e", "-c", script];
        },
        environment);
        await AssertSharesAsync(host.Address, processes: 1);

        int worker = ProcessTree.ChildrenOf(host.Id).Single();
        Signal.User2.Send(host.Id);
        await Eventually.IsTrueAsync(() => !ProcessTree.IsRunning(worker), "the old worker goes on");
        await AssertSharesAsync(host.Address, processes: 2);
    }

    [Test]
    public async Task Nginx_MayMakeNoMemoryExecutable_Shares(
        [Values("kernel", "filter")] string how, [Values("redis", "sqlite")] string store)
    {
        NativeLibraries.RequireOrIgnore("gcc", "redis-server");
        ProcessResult compiled = await ChildProcess.RunAsync(
            "gcc", ["-std=gnu11", "-Wall", "-Wextra", "-Werror", CProgramOf("no_new_code.c"), "-o", _setup.Folder["no_new_code"]]);
        Assert.That(compiled.ExitCode, Is.Zero, compiled.All);
        ProcessResult tried = await ChildProcess.RunAsync(_setup.Folder["no_new_code"], [how, "/bin/true"]);
        if (tried.ExitCode == 77)
        {
            Assert.Ignore($"This kernel cannot: {how}.");
        }

        Assert.That(tried.ExitCode, Is.Zero, tried.All);
        await using ServerProcess redis = await ServerProcess.StartAsync("redis-server");
        HostSetup setup = store == "redis" ? _setup.With(store: $"redis:{redis.Address}") : _setup;
        using NativeHost nginx = await NginxHost.StartAsync(setup, becoming: [_setup.Folder["no_new_code"], how]);
        await AssertSharesAsync(nginx.Address, processes: 2);
    }

    /// <summary>nginx does so only as a daemon.</summary>
    [Test]
    public async Task Nginx_UpgradedInPlace_SharesInItsNewWorkersToo()
    {
        int port = FreePort.Next();
        string[] pidFiles = [_setup.Folder["nginx.pid"], _setup.Folder["nginx.pid.oldbin"]];
        string configuration = _setup.Folder
            .Write("nginx.conf", NginxHost.Configuration(_setup, "nginx", port).Replace("daemon off;", "", StringComparison.Ordinal));
        ProcessResult started = await ChildProcess.RunAsync(
            "env", [.. _setup.Preloaded.Select(static pair => $"{pair.Key}={pair.Value}"), "/usr/sbin/nginx", "-c", configuration]);
        try
        {
            Assert.That(started.ExitCode, Is.Zero, started.All);
            await AssertSharesAsync($"127.0.0.1:{port}", processes: 2);
            Signal.User2.Send(MasterOf(pidFiles[0]));
            await Eventually.IsTrueAsync(() => pidFiles.All(File.Exists), "nginx does not execute itself anew");
            await AssertSharesAsync($"127.0.0.1:{port}", processes: 4);
        }
        finally
        {
            foreach (int master in pidFiles.Where(File.Exists).Select(MasterOf).ToArray())
            {
                Signal.Terminate.Send(master);
                await Eventually.IsTrueAsync(() => !ProcessTree.IsRunning(master), "nginx does not end");
            }
        }
    }

    private static int MasterOf(string pidFile) => int.Parse(File.ReadAllText(pidFile), System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The line of each process is there, and what the server gives are ids, not tickets of its own.</summary>
    private async Task AssertSharesAsync(string address, int processes)
    {
        ProcessResult check = new(1, "", "");
        await Eventually.IsTrueAsync(
            async () =>
            {
                check = await SesscbTool.RunAsync("check", address);
                return File.ReadAllLines(_setup.Log).Length >= processes
                    && check.Output.EndsWith("check: 2 of 2 resumed\n", StringComparison.Ordinal);
            },
            "sessions do not resume");
        Assert.That(File.ReadAllLines(_setup.Log), Has.Length.EqualTo(processes).And.All.Contain("TLS sessions are shared by way of "));
        Assert.That(check.Output, Does.Contain("| an id |").And.Not.Contain("a ticket"));
    }

    /// <summary>The drop-in for a machine whose folders are this test's, and the environment that it makes.</summary>
    private (string Unit, Dictionary<string, string> Environment) HaproxyUnit(string store)
    {
        Directory.CreateDirectory(_setup.Folder["jail"]);
        Directory.CreateDirectory(_setup.Folder["keys"]);
        File.Copy(_setup.KeyFile, _setup.Folder["keys/farm.key"]);
        Chgrp(_setup.Folder["keys/farm.key"]);
        string unit = NativeDocument.DropIns["haproxy.service"]
            .Replace("/var/lib/haproxy", _setup.Folder["jail"], StringComparison.Ordinal)
            .Replace("/etc/tls-sessions", _setup.Folder["keys"], StringComparison.Ordinal)
            .Replace("/var/lib/tls-sessions", _setup.RunFolder, StringComparison.Ordinal)
            .Replace("/usr/local/lib/opensslsessioncb", NativeLibraries.Folder, StringComparison.Ordinal)
            .Replace("#BindPaths", "BindPaths", StringComparison.Ordinal);
        Dictionary<string, string> environment = Values(unit, "Environment").Select(static value => value.Trim('"').Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        environment["OSSCB_STORE"] = store;
        environment["OSSCB_DEADLINE_MS"] = "500";
        environment["OSSCB_LOG"] = _setup.Log;
        File.SetUnixFileMode(_setup.Folder["keys"], (UnixFileMode)0b111_101_101);
        return (unit, environment);
    }

    private static void Chgrp(string file) =>
        Assert.That(ChildProcess.RunAsync("chgrp", [HostSetup.User, file]).GetAwaiter().GetResult().ExitCode, Is.Zero);

    /// <summary>What the service manager mounts before it starts the server; and the log, which a test wants to read.</summary>
    private string BindsOf(string unit)
    {
        IEnumerable<string> binds = Values(unit, "BindReadOnlyPaths").Concat(Values(unit, "BindPaths"))
            .Append($"{_setup.Log}:{_setup.Folder["jail"]}{_setup.Log}");
        return string.Concat(binds.Select(static bind => bind.Split(':')).Select(static bind =>
            $"mkdir -p {Path.GetDirectoryName(bind[1])}; if [ -d {bind[0]} ]; then mkdir -p {bind[1]}; else touch {bind[1]}; fi; "
                + $"mount --bind {bind[0]} {bind[1]}\n"));
    }

    private static IEnumerable<string> Values(string unit, string name) =>
        unit.Split('\n').Where(line => line.StartsWith(name + "=", StringComparison.Ordinal)).Select(line => line[(name.Length + 1)..]);

    /// <summary>As Debian's, with what docs/native.md says has to be added.</summary>
    private string Configuration(int port) => $"""
        global
            chroot {_setup.Folder["jail"]}
            user haproxy
            group {HostSetup.User}
            insecure-fork-wanted
            hard-stop-after 5s
        defaults
            mode http
            timeout connect 5s
            timeout client 10s
            timeout server 10s
        frontend tls
            bind 127.0.0.1:{port} ssl crt {_setup.Folder.Write(
                "haproxy.pem", File.ReadAllText(_setup.Key) + File.ReadAllText(_setup.Certificate))}
            http-request return status 200

        """;

    private static string CProgramOf(string name) =>
        Repository.PathOf("tests/OpenSslSessionCb.Hosts.Tests/Native/Documents/programs/" + name);

    /// <summary>What systemd has to say about the unit with the drop-in.</summary>
    private async Task<string> VerifyAsync(string unit, string dropIn)
    {
        NativeLibraries.RequireOrIgnore("systemd-analyze");

        // Apache's comes with the package that starts it.
        string installed = Path.Combine(Units, unit);
        _setup.Folder.Write(unit, File.Exists(installed) ? await File.ReadAllTextAsync(installed) : "[Service]\nExecStart=/bin/true\n");
        Directory.CreateDirectory(_setup.Folder[unit + ".d"]);
        _setup.Folder.Write(unit + ".d/opensslsessioncb.conf", dropIn);
        ProcessResult result = await ChildProcess.RunAsync("env", [$"SYSTEMD_UNIT_PATH={_setup.Folder.Root}:",
            "systemd-analyze", "verify", _setup.Folder[unit.Replace("@.", "@test.", StringComparison.Ordinal)]]);
        return string.Join('\n', result.All.Split('\n').Where(static line => line.Contains("opensslsessioncb", StringComparison.Ordinal)));
    }
}
