using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb;

/// <summary>Writes a key ring's file, readable for its owner alone, and never seen half written.</summary>
internal static class KeyRingWriter
{
    /// <summary>Creates the file, unless somebody else is faster: whoever is first, all find the same ring in it afterwards.</summary>
    /// <exception cref="SessionKeyRingException">It cannot be written.</exception>
    internal static void CreateIfAbsent(string path)
    {
        using KeyRingEntries entries = KeyRingEntries.Create();
        Write(path, entries, null, MoveIfAbsent);
    }

    /// <summary>Puts new content in the place of the old, in one step. A symbolic link stays one.</summary>
    /// <exception cref="SessionKeyRingException">It cannot be written.</exception>
    internal static void Replace(string path, KeyRingEntries entries)
    {
        string final = File.ResolveLinkTarget(path, returnFinalTarget: true)?.FullName ?? path;
        Write(final, entries, SharingGroupOf(final), static (temporary, final) => File.Move(temporary, final, overwrite: true));
    }

    private static uint? SharingGroupOf(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }

        using SafeFileHandle file = File.OpenHandle(path);
        return KeyRingFile.SharingGroupOf(file);
    }

    private static void Write(string path, KeyRingEntries entries, uint? sharingGroup, Action<string, string> place)
    {
        // Beside the final file, because a rename works within one file system only.
        string temporary = $"{path}.{Path.GetRandomFileName()}";
        try
        {
            try
            {
                WriteNew(temporary, entries, sharingGroup);
                place(temporary, path);
            }
            finally
            {
                File.Delete(temporary);
            }
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new SessionKeyRingException(
                path,
                "does not exist, and neither does its folder: correct the path, or copy the file there (in a chroot: inside it)",
                exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SessionKeyRingException(
                path, "cannot be written: let this user write to its folder, or create it elsewhere and copy it", exception);
        }
    }

    private static void WriteNew(string path, KeyRingEntries entries, uint? sharingGroup)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = KeyRingFile.OwnerOnly;
        }

        using SecretBytes text = KeyRingText.Format(entries);
        using var file = new FileStream(path, options);
        if (!OperatingSystem.IsWindows() && sharingGroup is { } group)
        {
            UnixFile.SetGroup(file.SafeFileHandle, group);
            File.SetUnixFileMode(file.SafeFileHandle, KeyRingFile.OwnerOnly | UnixFileMode.GroupRead);
        }

        file.Write(text.Span);
        file.Flush(flushToDisk: true);
    }

    private static void MoveIfAbsent(string temporary, string path)
    {
        if (!OperatingSystem.IsWindows())
        {
            UnixFile.TryLink(temporary, path);
            return;
        }

        try
        {
            File.Move(temporary, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            // Somebody else was faster, and theirs is the ring.
        }
    }
}
