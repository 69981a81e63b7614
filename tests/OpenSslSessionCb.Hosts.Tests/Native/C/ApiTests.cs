using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// The functions of openssl_session_cb.h, called from C: what they refuse, what they answer, and where they may be called.
/// </summary>
[Platform("Linux")]
public sealed partial class ApiTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("gcc", "nm");
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [Test]
    public Task Functions_WrongArguments_AreRefusedWithASentence() => RunAsync("arguments", _folder.Root, "0.1.0");

    [Test]
    public Task Contexts_AttachedDetachedAndFreedOnManyThreads_ShareAndGoOn() => RunAsync("handshakes", _folder["sessions.key"]);

    [Test]
    public Task Functions_InAForkedChild_AreRefusedAndNeverHang() => RunAsync("forked");

    [Test]
    public async Task Functions_EachOfTheHeader_IsCalledByAProgramHere()
    {
        string[] declared = await DeclaredAsync();
        string programs = string.Concat(Directory.EnumerateFiles(CProgram.Programs, "*.c").Select(File.ReadAllText));
        Assert.That(declared, Has.Length.GreaterThan(8));
        Assert.That(declared.Where(name => !programs.Contains(name + "(", StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public async Task Library_Exports_AreTheHeadersAndThePreloadedLibrarys()
    {
        // .NET's debuggers look for the one that is not ours.
        string[] exported = [.. (await ExportedAsync("libopensslsessioncb.so")).Where(static name => name != "DotNetRuntimeDebugHeader")];
        Assert.That(
            exported.Where(static name => !name.StartsWith("osscb_preload_", StringComparison.Ordinal)),
            Is.EquivalentTo(await DeclaredAsync()));
        Assert.That(exported, Has.Some.StartsWith("osscb_preload_"));
    }

    // What else it showed would stand in front of the host's own function of that name.
    [Test]
    public async Task PreloadedLibrary_Exports_StandInFrontOfLibsslAndLibcOnly()
    {
        string[] exported = await ExportedAsync("libopensslsessioncb_preload.so");
        Assert.That(exported, Is.Not.Empty);
        Assert.That(exported.Where(static name => !name.StartsWith("SSL_", StringComparison.Ordinal)
            && !name.StartsWith("exec", StringComparison.Ordinal)), Is.Empty);
    }

    private async Task RunAsync(string name, params string[] arguments)
    {
        string program = await CProgram.BuildAsync(
            _folder, "c11", [Path.Combine(CProgram.Programs, name + ".c"), Path.Combine(CProgram.Programs, "tls_pair.c")]);
        await CProgram.RunAsync([program, .. arguments]);
    }

    private static async Task<string[]> DeclaredAsync() =>
        [.. Declaration().Matches(await File.ReadAllTextAsync(Path.Combine(NativeLibraries.Sources, "include", "openssl_session_cb.h")))
            .Select(static match => match.Groups[1].Value)];

    private static async Task<string[]> ExportedAsync(string library)
    {
        ProcessResult result = await ChildProcess.RunAsync(
            "nm", ["--dynamic", "--defined-only", "--format=posix", Path.Combine(NativeLibraries.Folder, library)]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);

        // A is no symbol but a version's name; a symbol's version comes after its name.
        return
        [
            .. result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' '))
                .Where(static fields => fields[1] != "A").Select(static fields => fields[0].Split('@')[0]),
        ];
    }

    [GeneratedRegex(@"^(?:int|const char \*) ?(osscb_\w+)\(", RegexOptions.Multiline)]
    private static partial Regex Declaration();
}
