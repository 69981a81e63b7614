using System.Reflection;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>What ./build.sh native has left. Compiling it takes minutes, so these tests do not do it themselves.</summary>
internal static class NativeLibraries
{
    internal static string Folder { get; } = Path.GetFullPath(Metadata("NativePath"));

    internal static string Sources { get; } = Path.GetFullPath(Metadata("NativeSources"));

    internal static string Preload => Path.Combine(Folder, "libopensslsessioncb_preload.so");

    internal static void RequireOrIgnore(params string[] programs)
    {
        if (!File.Exists(Preload))
        {
            Assert.Ignore("The native libraries are not built: run ./build.sh native first.");
        }

        foreach (string program in programs)
        {
            if (ChildProcess.Find(program) is null && !File.Exists("/usr/sbin/" + program))
            {
                Assert.Ignore($"{program} is not installed.");
            }
        }
    }

    private static string Metadata(string key) =>
        typeof(NativeLibraries).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;
}
