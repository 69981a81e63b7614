using System.Collections.Concurrent;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>The programs of native/hosts and native/clients, each compiled once.</summary>
internal static class SmallPrograms
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<string>>> s_compiled = new();

    /// <summary>The path of a program, compiled by now.</summary>
    /// <param name="source">Under native, without .c: hosts/prefork.</param>
    /// <param name="options">For the linker, on top.</param>
    internal static Task<string> FindAsync(string source, params string[] options) =>
        s_compiled.GetOrAdd(source, new Lazy<Task<string>>(() => CompileAsync(source, options))).Value;

    private static async Task<string> CompileAsync(string source, string[] options)
    {
        string folder = Directory.CreateDirectory(Path.Combine(TestContext.CurrentContext.TestDirectory, "native-programs")).FullName;
        string program = Path.Combine(folder, Path.GetFileName(source));
        ProcessResult result = await ChildProcess.RunAsync("gcc",
        [
            "-std=gnu11", "-O2", "-Wall", "-Wextra", "-Werror", Path.Combine(NativeLibraries.Sources, source + ".c"), "-o", program,
            .. options, "-lssl", "-lcrypto", "-pthread",
        ]);
        Assert.That((result.ExitCode, result.All), Is.EqualTo((0, "")));
        return program;
    }
}
