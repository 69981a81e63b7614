namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Files that nobody but their owner can read.</summary>
internal static class OwnerOnlyFile
{
    /// <summary>Makes a new file; one that exists already is an error.</summary>
    internal static void Write(string path, ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        file.Write(content);
    }
}
