namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>Which libssl a program has: that is where its sessions are taken from.</summary>
internal static class LibSslUse
{
    private const string Prefix = "libssl.so";

    // OpenSSL's own names since 1.1.0. Red Hat's libssl.so.10 is OpenSSL 1.0.
    private static readonly string[] s_good = ["libssl.so.1.1", "libssl.so.3", "libssl.so.4"];

    /// <summary>Why sessions cannot be taken from it, as the end of a sentence about the program; null: they can, or perhaps can.</summary>
    internal static string? Reason(ElfImage program, NeededLibraries libraries)
    {
        string[] names =
        [
            .. libraries.Found.Keys.Where(static name => Path.GetFileName(name).StartsWith(Prefix, StringComparison.Ordinal)),
        ];
        if (names.Length == 0)
        {
            return ReasonWithout(program, libraries);
        }

        if (names.Select(Path.GetFileName).Intersect(s_good).Any())
        {
            return null;
        }

        string name = names[0];
        return Path.GetFileName(name).StartsWith("libssl.so.1.0.", StringComparison.Ordinal) || Path.GetFileName(name) == "libssl.so.10"
            ? $"uses {name}, which is too old: its sessions are shared with OpenSSL 1.1.1 or newer."
            : OtherLibrary(libraries) is { } other
                ? $"uses {name}, which is {other} and not OpenSSL's: its sessions cannot be shared."
                : null;
    }

    private static string? ReasonWithout(ElfImage program, NeededLibraries libraries)
    {
        // Who has libcrypto beside may carry the text of the version that it was compiled with.
        if (!libraries.Found.Keys.Any(static name => Path.GetFileName(name).StartsWith("libcrypto.so", StringComparison.Ordinal))
            && OpenSslText.Find(program) is { } version)
        {
            return $"has {version} inside, linked statically, where its sessions cannot be reached: "
                + "use a build of it that is linked to libssl.so.";
        }

        return libraries.MayGetMore ? null : "uses no libssl and cannot load one, so it has no sessions of OpenSSL's that could be shared.";
    }

    /// <summary>LibreSSL or BoringSSL, if it is one of them.</summary>
    private static string? OtherLibrary(NeededLibraries libraries)
    {
        foreach ((string name, string? path) in libraries.Found)
        {
            bool speaks = Path.GetFileName(name) is { } file
                && (file.StartsWith(Prefix, StringComparison.Ordinal) || file.StartsWith("libcrypto.so", StringComparison.Ordinal));
            if (speaks && path is not null && VersionOf(path) is { } version
                && (version.Contains("compatible", StringComparison.Ordinal) || version.StartsWith("LibreSSL", StringComparison.Ordinal)))
            {
                return version;
            }
        }

        return null;
    }

    private static string? VersionOf(string path)
    {
        try
        {
            using ElfFile? file = ElfFile.TryOpen(path);
            return file is null ? null : OpenSslText.Find(new ElfImage(file));
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
