using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Compiles what is linked to libopensslsessioncb.so. Every warning is an error.</summary>
internal static class CProgram
{
    private static readonly string[] s_warnings =
    [
        "-Wall", "-Wextra", "-Wpedantic", "-pedantic", "-Wconversion", "-Wsign-conversion", "-Wshadow", "-Wcast-qual", "-Wformat=2",
        "-Wundef", "-Wpointer-arith", "-Wswitch-enum",
        "-Wdouble-promotion", "-Wnull-dereference", "-Werror",
    ];

    private static readonly string[] s_c11 =
        ["gcc", "-std=c11", "-x", "c", "-Wstrict-prototypes", "-Wmissing-prototypes", "-Wold-style-definition", .. s_warnings];
    private static readonly string[] s_cpp17 =
        ["g++", "-std=c++17", "-x", "c++", "-Wextra-semi", "-Wnon-virtual-dtor", "-Woverloaded-virtual", .. s_warnings];

    internal static string Example { get; } = Path.Combine(NativeLibraries.Sources, "examples", "server.c");

    /// <summary>Where the programs in C are that only tests run.</summary>
    internal static string Programs { get; } = OpenSslSessionCb.Testing.Repository.PathOf(
        "tests/OpenSslSessionCb.Hosts.Tests/Native/C/programs");

    /// <summary>Compiles and links; returns where the program is.</summary>
    /// <param name="folder">Where it goes.</param>
    /// <param name="language">c11 or c++17.</param>
    /// <param name="sources">Files.</param>
    /// <param name="options">For the compiler, on top.</param>
    internal static async Task<string> BuildAsync(
        TemporaryFolder folder, string language, IEnumerable<string> sources, params IEnumerable<string> options)
    {
        string output = folder["program"];
        await RunAsync(
        [
            .. Compiler(language), "-O1", "-g", "-I", NativeLibraries.Folder, .. options, .. sources, "-x", "none",
            "-o", output, "-L", NativeLibraries.Folder, "-lopensslsessioncb", "-lssl", "-lcrypto", "-pthread",
            "-Wl,-rpath," + NativeLibraries.Folder,
        ]);
        return output;
    }

    /// <summary>Compiles one file, and links nothing.</summary>
    internal static Task CheckAsync(TemporaryFolder folder, string language, string source) =>
        RunAsync([.. Compiler(language), "-I", NativeLibraries.Folder, "-c", source, "-o", folder["object.o"]]);

    /// <summary>A program that must say nothing and end with 0.</summary>
    internal static async Task RunAsync(IReadOnlyList<string> command)
    {
        ProcessResult result = await ChildProcess.RunAsync(command[0], command.Skip(1));
        Assert.That((result.ExitCode, result.All), Is.EqualTo((0, "")), string.Join(' ', command));
    }

    /// <summary>The text of a source file, with one thing in it changed for the worse.</summary>
    internal static async Task<string> SpoilAsync(string file, string right, string wrong)
    {
        string text = await File.ReadAllTextAsync(file);
        Assert.That(text, Does.Contain(right), $"{file} has changed: choose another fault to plant.");
        return text.Replace(right, wrong, StringComparison.Ordinal);
    }

    private static string[] Compiler(string language) => language == "c11" ? s_c11 : s_cpp17;
}
