using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

/// <summary>Finds the libssl to bind: the one that this process has already, else the newest that can be opened.</summary>
internal static class LibrarySearch
{
    private const string Remedy = "; install OpenSSL 1.1.1 or newer, or name one with OpenSslLibrary.Use before the first call";

    internal static bool TryFind([NotNullWhen(true)] out BoundLibrary? library, [NotNullWhen(false)] out string? problem)
    {
        string[] names = FileNames();

        // A loaded image of the wrong kind ends the search: a second image beside the host's would never see its contexts.
        foreach (string name in names)
        {
            if (DynamicLoader.TryFindLoaded(name, out nint loaded))
            {
                return TryBind(loaded, name, out library, out problem);
            }
        }

        nint program = NativeLibrary.GetMainProgramHandle();
        if (NativeLibrary.TryGetExport(program, "SSL_CTX_new", out _))
        {
            return TryBind(program, "the main program", out library, out problem);
        }

        string? firstProblem = null;
        foreach (string name in names)
        {
            if (NativeLibrary.TryLoad(name, out nint opened))
            {
                if (TryBind(opened, name, out library, out problem))
                {
                    return true;
                }

                firstProblem ??= problem;
                NativeLibrary.Free(opened);
            }
        }

        library = null;
        problem = firstProblem ?? $"No libssl was found under any of the names {string.Join(", ", names)}{Remedy}.";
        return false;
    }

    /// <summary>Opens the libssl at <paramref name="path"/>, and the libcrypto beside it where there is one.</summary>
    internal static bool TryOpen(string path, [NotNullWhen(true)] out BoundLibrary? library, [NotNullWhen(false)] out string? problem)
    {
        try
        {
            // First the libcrypto beside it: the loader would look for it in the system's folders.
            if (SiblingLibCrypto(path) is { } sibling && File.Exists(sibling))
            {
                NativeLibrary.Load(sibling);
            }

            return TryBind(NativeLibrary.Load(path), path, out library, out problem);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            library = null;
            problem = $"{path} cannot be opened as libssl ({LoaderSaid(exception.Message)}){Remedy}.";
            return false;
        }
    }

    /// <summary>What the system's loader said: the lines below the runtime's own advice, where there are any.</summary>
    private static string LoaderSaid(string message)
    {
        string[] lines = message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return string.Join("; ", lines.Length > 1 ? lines[1..] : lines).TrimEnd('.');
    }

    internal static bool TryBind(
        nint libssl,
        nint libcrypto,
        string name,
        [NotNullWhen(true)] out BoundLibrary? library,
        [NotNullWhen(false)] out string? problem)
    {
        if (BoundLibrary.TryCreate(libssl, libcrypto, name, out library, out problem))
        {
            return true;
        }

        problem += Remedy + ".";
        return false;
    }

    private static bool TryBind(
        nint libssl,
        string name,
        [NotNullWhen(true)] out BoundLibrary? library,
        [NotNullWhen(false)] out string? problem) =>
        TryBind(libssl, LibCryptoOf(libssl, name), name, out library, out problem);

    /// <summary>The very libcrypto that this libssl uses: dlsym looks through a handle's dependencies, Windows does not.</summary>
    private static nint LibCryptoOf(nint libssl, string name)
    {
        if (OperatingSystem.IsWindows() && !NativeLibrary.TryGetExport(libssl, "OpenSSL_version_num", out _))
        {
            string path = NativeLibrary.TryGetExport(libssl, "SSL_CTX_new", out nint export) ? DynamicLoader.PathOf(export) ?? name : name;
            if (SiblingLibCrypto(path) is { } sibling &&
                (DynamicLoader.TryFindLoaded(Path.GetFileName(sibling), out nint libcrypto)
                    || NativeLibrary.TryLoad(sibling, out libcrypto)))
            {
                return libcrypto;
            }
        }

        return libssl;
    }

    private static string? SiblingLibCrypto(string libssl)
    {
        string file = Path.GetFileName(libssl);
        return file.Contains("libssl", StringComparison.OrdinalIgnoreCase)
            ? Path.Join(Path.GetDirectoryName(libssl), file.Replace("libssl", "libcrypto", StringComparison.OrdinalIgnoreCase))
            : null;
    }

    /// <summary>Newest first. Only versioned names: the others may be anybody's, and macOS ends a process that opens one.</summary>
    private static string[] FileNames()
    {
        if (OperatingSystem.IsWindows())
        {
            string suffix = RuntimeInformation.ProcessArchitecture switch
            {
                Architecture.X64 => "-x64",
                Architecture.Arm64 => "-arm64",
                _ => "",
            };
            return [$"libssl-4{suffix}.dll", $"libssl-3{suffix}.dll", $"libssl-1_1{suffix}.dll"];
        }

        if (OperatingSystem.IsMacOS())
        {
            // Homebrew keeps OpenSSL where the loader does not look.
            string homebrew = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? "/opt/homebrew/opt" : "/usr/local/opt";
            return
            [
                "libssl.4.dylib",
                $"{homebrew}/openssl@4/lib/libssl.4.dylib",
                "libssl.3.dylib",
                $"{homebrew}/openssl@3/lib/libssl.3.dylib",
                "libssl.1.1.dylib",
                $"{homebrew}/openssl@1.1/lib/libssl.1.1.dylib",
            ];
        }

        return ["libssl.so.4", "libssl.so.3", "libssl.so.1.1"];
    }
}
