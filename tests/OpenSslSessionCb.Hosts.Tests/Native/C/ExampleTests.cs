using System.Diagnostics;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>The header and the example in C, as somebody else would build and run them.</summary>
[Platform("Linux")]
public sealed class ExampleTests
{
    private TemporaryFolder _folder = null!;
    private string _certificate = null!;
    private string _key = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("gcc", "g++", "openssl");
        _folder = new TemporaryFolder();
        (_certificate, _key) = await OpenSslClient.MakeCertificateAsync(_folder, "server");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [TestCase("c11")]
    [TestCase("c++17")]
    public async Task Header_IncludedBeforeAllElseAndTwice_CompilesWithoutAWarning(string language)
    {
        const string Include = "#include \"openssl_session_cb.h\"\n";
        string source = _folder.Write("header.c", Include + Include + "int osscb_test(osscb_statistics *s);\n"
            + "int osscb_test(osscb_statistics *s) { return s->size == OSSCB_OK; }\n");
        await CProgram.CheckAsync(_folder, language, source);
    }

    [TestCase("c11")]
    [TestCase("c++17")]
    public async Task Example_BuiltWithAllWarnings_ServesResumesAndStops(string language) =>
        await ServesAsync(await CProgram.BuildAsync(_folder, language, [CProgram.Example]));

    // For what is not where the system looks for libraries, the compiler and pkg-config have variables.
    [TestCase("    cc ", "gcc")]
    [TestCase("pkg-config file that lies beside the library: cc ", "pkg-config")]
    public async Task Example_BuiltAsItsHeadSays_ServesResumesAndStops(string before, string needed)
    {
        NativeLibraries.RequireOrIgnore(needed);
        string text = await File.ReadAllTextAsync(CProgram.Example);
        int start = text.IndexOf(before, StringComparison.Ordinal);
        Assert.That(start, Is.Positive);
        string command = text[(start + before.Length - "cc ".Length)..text.IndexOf('\n', start)];

        var shell = new ProcessStartInfo("/bin/sh", ["-c", command]) { WorkingDirectory = _folder.Root, RedirectStandardError = true };
        File.Copy(CProgram.Example, _folder["server.c"]);
        shell.Environment["CPATH"] = shell.Environment["LIBRARY_PATH"] =
            shell.Environment["PKG_CONFIG_PATH"] = shell.Environment["LD_RUN_PATH"] = NativeLibraries.Folder;
        using Process compiler = Process.Start(shell)!;
        string errors = await compiler.StandardError.ReadToEndAsync();
        await compiler.WaitForExitAsync();
        Assert.That((compiler.ExitCode, errors), Is.EqualTo((0, "")), command);

        await ServesAsync(_folder["server"]);
    }

    [Test]
    public async Task Example_WrongInput_OneSentenceAndAnExitCodeOfItsOwn()
    {
        string server = await CProgram.BuildAsync(_folder, "c11", [CProgram.Example]);
        string badRing = _folder.Write("bad.key", "nonsense\n");
        File.SetUnixFileMode(badRing, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        foreach ((int exitCode, string about, string[] arguments) in new (int, string, string[])[]
        {
            (2, "usage: ", []),
            (2, "usage: ", ["0", _certificate, _key, "memory"]),
            (2, "no port", ["https", _certificate, _key, "memory", _folder["farm.key"]]),
            (2, "no port", ["65536", _certificate, _key, "memory", _folder["farm.key"]]),
            (1, _folder["absent.crt"], ["0", _folder["absent.crt"], _key, "memory", _folder["farm.key"]]),
            (1, _certificate, ["0", _certificate, _certificate, "memory", _folder["farm.key"]]),
            (1, "nonsense", ["0", _certificate, _key, "nonsense", _folder["farm.key"]]),
            (1, "/nowhere", ["0", _certificate, _key, "sqlite:/nowhere/sessions.db", _folder["farm.key"]]),
            (1, "bad.key", ["0", _certificate, _key, "memory", badRing]),
            (1, "/nowhere", ["0", _certificate, _key, "memory", "/nowhere/farm.key"]),
        })
        {
            ProcessResult result = await ChildProcess.RunAsync(server, arguments);
            Assert.That(result.ExitCode, Is.EqualTo(exitCode), result.Errors);
            Assert.That(result.Errors.TrimEnd('\n'), Does.Contain(about).And.Not.Contain("\n"));
            Assert.That(result.Output, Is.Empty);
        }
    }

    private async Task ServesAsync(string program)
    {
        using ExampleServer server = await ExampleServer.StartAsync(
            program, "0", _certificate, _key, $"sqlite:{_folder["sessions.db"]}", _folder["farm.key"]);
        await server.ServeAsync(_folder, resumed: 2);
        ProcessResult end = await server.StopAsync();

        // On TLS 1.3 each resumption makes a session too.
        Assert.That((end.ExitCode, end.Output), Is.EqualTo((0, "4 sessions made, 4 of 4 found\n")), end.Errors);
        Assert.That(end.Errors, Does.Not.Contain("error").And.Not.Contain("warning"));
    }
}
