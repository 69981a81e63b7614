using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>Whether the loader will ignore LD_PRELOAD is told as the kernel tells it to the program itself (AT_SECURE).</summary>
[TestFixture]
[Platform("Linux")]
public sealed class SecureExecutionTests
{
    private const string SaysAtSecure = "#include <stdio.h>\n#include <sys/auxv.h>\n"
        + "int main(void) { return printf(\"%lu\\n\", getauxval(AT_SECURE)) < 0; }\n";
    private const string Nobody = "65534";

    private CompiledFolder _folder = null!;

    [SetUp]
    public async Task MakeProgram()
    {
        _folder = new CompiledFolder();
        await _folder.CompileAsync("server", SaysAtSecure + CompiledFolder.CouldLoad);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("0:0", "0755", false)]
    [TestCase("65534:0", "0755", false)]
    [TestCase("0:0", "4755", false, Description = "root's, and root starts it")]
    [TestCase("65534:0", "4755", true)]
    [TestCase("0:65534", "2755", true)]
    [TestCase("0:65534", "2745", false, Description = "no set-group-id program without x for the group")]
    [TestCase("0:0", "6755", false)]
    public async Task SetId_StartedByRoot_IsToldAsTheKernelTellsIt(string owner, string mode, bool secure)
    {
        RequireRoot();
        await RunAsync("chown", owner, _folder["server"]);
        await RunAsync("chmod", mode, _folder["server"]);

        AssertKernelSays(secure, await RunAsync(_folder["server"]));
        string? reason = SecureExecution.Reason(_folder["server"], ProcessRights.Read());
        Assert.That(
            reason, secure ? Does.Contain($"while {(owner.StartsWith('0') ? "group" : "user")} 0 starts it").And.EndsWith(".") : Is.Null);
        Assert.That(
            () => ProgramCheck.ThrowIfStopped(_folder["server"]),
            secure ? Throws.Exception.Message.Contains("ignore LD_PRELOAD") : Throws.Nothing);
    }

    [TestCase("0:0", "4755", "", true)]
    [TestCase("65534:0", "4755", "", false, Description = "its owner starts it")]
    [TestCase("0:0", "4711", "", true, Description = "which may be executed, and not read")]
    [TestCase("0:0", "4755", "--no-new-privs", false, Description = "as a systemd unit with NoNewPrivileges=")]
    [TestCase("0:0", "0755", "", false)]
    public async Task SetId_StartedByNobody_IsToldAsTheKernelTellsIt(string owner, string mode, string option, bool secure)
    {
        RequireRoot();
        await RunAsync("chown", owner, _folder["server"]);
        await RunAsync("chmod", mode, _folder["server"]);

        await AssertToldAsync(secure, option);
    }

    [TestCase("cap_net_bind_service=ep", true)]
    [TestCase("cap_net_bind_service=p", true)]
    [TestCase("cap_net_bind_service=i", false, Description = "nobody has it to inherit")]
    [TestCase("cap_net_bind_service=ei", true)]
    public async Task Capabilities_StartedByNobody_AreToldAsTheKernelTellsThem(string capabilities, bool secure)
    {
        RequireRoot();
        await SetCapabilitiesAsync(capabilities);

        await AssertToldAsync(secure, "");
    }

    [Test]
    public async Task Capabilities_OfANamespaceThatIsNotOurs_AreNone()
    {
        RequireRoot();
        await SetCapabilitiesAsync("cap_net_bind_service=ep", "-n", "1000");

        await AssertToldAsync(secure: false, "");
    }

    [Test]
    public async Task SetUser_OnAMountThatGrantsNoRights_IsToldAsTheKernelTellsIt()
    {
        RequireRoot();
        string libraries = await _folder.CompileStandInsAsync();
        string mount = Directory.CreateDirectory(_folder["mount"]).FullName;

        // In a namespace of its own, so that the mount ends with the shell.
        ProcessResult result = await ChildProcess.RunAsync("unshare",
        [
            "--mount", "sh", "-c", """
                mount -t tmpfs -o nosuid tmpfs "$1" && cp "$2" "$1/server" && chown 65534 "$1/server" && chmod 4755 "$1/server" || exit 99
                "$1/server"
                shift 2
                "$@"
                """,
            "sh", mount, _folder["server"], SesscbTool.Program,
            .. SesscbTool.Arguments("run", "--store", "memory", "--libraries", libraries, "--", Path.Combine(mount, "server")),
        ]);
        if (result.ExitCode is 99 || result.Errors.StartsWith("unshare:", StringComparison.Ordinal))
        {
            Assert.Ignore($"Nothing can be mounted here: {result.Errors.Trim()}");
        }

        Assert.That(result, Is.EqualTo(new ProcessResult(0, "0\n0\n", "")), "the kernel itself, and under sesscb");
    }

    [Test]
    public async Task Capabilities_StartedByRoot_DoNotStopIt()
    {
        RequireRoot();
        await SetCapabilitiesAsync("cap_net_bind_service=ep");

        AssertKernelSays(secure: false, await RunAsync(_folder["server"]));
        Assert.That(SecureExecution.Reason(_folder["server"], ProcessRights.Read()), Is.Null);
        Assert.That(
            FileCapabilities.TryOf(_folder["server"]),
            Is.EqualTo(new FileCapabilities(AreEffective: true, Permitted: 1 << 10, Inheritable: 0)));
    }

    /// <summary>By sesscb itself, as the user who starts it.</summary>
    private async Task AssertToldAsync(bool secure, string option)
    {
        await RunAsync("chmod", "0755", _folder.Root);
        string libraries = await _folder.CompileStandInsAsync();
        string[] asNobody =
            ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. option.Length > 0 ? [option] : Array.Empty<string>()];
        AssertKernelSays(secure, await RunAsync("setpriv", [.. asNobody, _folder["server"]]));

        string[] tool =
            [SesscbTool.Program, .. SesscbTool.Arguments("run", "--store", "memory", "--libraries", libraries, "--", _folder["server"])];
        if ((await ChildProcess.RunAsync("setpriv", [.. asNobody, "test", "-r", tool.First(Path.IsPathRooted)])).ExitCode != 0)
        {
            Assert.Ignore($"{tool.First(Path.IsPathRooted)} is in a folder that only its owner may enter: nobody cannot start it.");
        }

        ProcessResult result = await ChildProcess.RunAsync("setpriv", [.. asNobody, .. tool]);

        Assert.That(result.Errors, secure ? Does.Contain("ignore LD_PRELOAD").And.StartWith($"sesscb: {_folder["server"]} ") : Is.Empty);
        Assert.That((result.ExitCode, result.Output), Is.EqualTo(secure ? (1, "") : (0, "0\n")));
    }

    private async Task SetCapabilitiesAsync(string capabilities, params IEnumerable<string> options)
    {
        if (!File.Exists("/usr/sbin/setcap") && ChildProcess.Find("setcap") is null)
        {
            Assert.Ignore("setcap is not installed (libcap2-bin).");
        }

        ProcessResult result = await ChildProcess.RunAsync(
            ChildProcess.Find("setcap") ?? "/usr/sbin/setcap", [.. options, capabilities, _folder["server"]]);
        if (result.ExitCode != 0)
        {
            Assert.Ignore($"This file system or container has no capabilities of files: {result.Errors.Trim()}");
        }
    }

    private static void AssertKernelSays(bool secure, string output)
    {
        if (secure && output == "0\n")
        {
            Assert.Ignore("Programs in the temporary folder get no rights here: it is mounted nosuid, or a container forbids it.");
        }

        Assert.That(output, Is.EqualTo(secure ? "1\n" : "0\n"), "the kernel itself");
    }

    private static void RequireRoot()
    {
        if (ProcessRights.Read().EffectiveUser != 0)
        {
            Assert.Ignore(string.Create(CultureInfo.InvariantCulture,
                $"Only root can make such a program, and this is user {ProcessRights.Read().EffectiveUser}."));
        }
    }

    private static async Task<string> RunAsync(string program, params IEnumerable<string> arguments)
    {
        ProcessResult result = await ChildProcess.RunAsync(program, arguments);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")), program);
        return result.Output;
    }
}
