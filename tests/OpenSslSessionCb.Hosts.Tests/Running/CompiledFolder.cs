using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>Programs and libraries in C, compiled for one test.</summary>
internal sealed class CompiledFolder : IDisposable
{
    /// <summary>A program that sesscb run lets go on: it could bring a libssl in later.</summary>
    internal const string CouldLoad = "#include <dlfcn.h>\nvoid *could_load(const char *name) { return dlopen(name, RTLD_NOW); }\n";

    private readonly TemporaryFolder _folder = new();

    internal string Root => _folder.Root;

    internal string this[string name] => _folder[name];

    internal string Write(string name, string content, bool executable = false)
    {
        string path = _folder.Write(name, content);
        File.SetUnixFileMode(path, (UnixFileMode)(executable ? 0b111_101_101 : 0b110_100_100));
        return path;
    }

    /// <summary>Returns its path.</summary>
    internal async Task<string> CompileAsync(string name, string source, params IEnumerable<string> options)
    {
        string code = _folder.Write(Path.GetFileName(name) + ".c", source);
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        ProcessResult result = await ChildProcess.RunAsync(
            "gcc", ["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-o", _folder[name], code, .. options]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        return _folder[name];
    }

    internal Task<string> CompileLibraryAsync(string name, string source, params IEnumerable<string> options) =>
        CompileAsync(name, source, ["-shared", "-fPIC", .. options]);

    /// <summary>Two libraries that do nothing, under the names of those that share sessions; returns their folder.</summary>
    internal async Task<string> CompileStandInsAsync(string folder = "libraries")
    {
        await CompileLibraryAsync($"{folder}/libopensslsessioncb_preload.so", "int nothing;\n");
        await CompileLibraryAsync($"{folder}/libopensslsessioncb.so", "int nothing;\n");
        return _folder[folder];
    }

    public void Dispose() => _folder.Dispose();
}
