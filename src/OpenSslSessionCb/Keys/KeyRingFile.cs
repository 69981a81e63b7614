using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb;

/// <summary>Reads a key ring's file, if nobody else can.</summary>
internal static class KeyRingFile
{
    internal const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private const int MaxLength = 64 * 1024;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <exception cref="SessionKeyRingException">It cannot be read, is not safe, or is not a key ring.</exception>
    internal static KeyRingEntries Read(string path)
    {
        if (Directory.Exists(path))
        {
            throw new SessionKeyRingException(path, "is a folder: name the file in it");
        }

        try
        {
            // Looked at through the handle, so that what is checked is what is read. A symbolic link is as safe as its target.
            using SafeFileHandle file = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            ThrowIfNotSafe(path, file);
            using SecretBytes text = ReadAll(path, file);
            return KeyRingText.Parse(path, text.Span);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new SessionKeyRingException(path, "does not exist: copy it from another node, or create it with OpenOrCreate", exception);
        }
        catch (UnauthorizedAccessException exception)
        {
            throw new SessionKeyRingException(path, "may not be opened by this user: run chown and chmod 600 on it; "
                + "for servers of several users, leave it root's and run chgrp and chmod 640", exception);
        }
        catch (Exception exception) when (exception is IOException or NotSupportedException)
        {
            throw new SessionKeyRingException(path, "cannot be read: check that it is a regular file and that its disk is well", exception);
        }
    }

    private static void ThrowIfNotSafe(string path, SafeFileHandle file)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        (uint User, uint Group)? owners = UnixFile.OwnersOf(file);
        UnixFileMode mode = File.GetUnixFileMode(file);
        if ((mode & Others) != (SharingGroupOf(file) is null ? 0 : UnixFileMode.GroupRead))
        {
            string octal = Convert.ToString((int)mode, 8).PadLeft(4, '0');
            throw new SessionKeyRingException(
                path, $"is open to other users (mode {octal}): run chmod 600 on it, and renew it if they may have read it");
        }

        // Elsewhere whoever could open a file that only its owner may read is its owner or root.
        if (OperatingSystem.IsLinux() && !(owners?.User == 0 || owners?.User == UnixFile.EffectiveUserId()))
        {
            throw new SessionKeyRingException(path, "belongs neither to this user nor to root: run chown on it");
        }
    }

    /// <summary>The group that root lets read it, as servers with users of their own share a private key; null: there is none.</summary>
    [UnsupportedOSPlatform("windows")]
    internal static uint? SharingGroupOf(SafeFileHandle file) =>
        (File.GetUnixFileMode(file) & UnixFileMode.GroupRead) != 0 && UnixFile.OwnersOf(file) is (0, var group) ? group : null;

    private static SecretBytes ReadAll(string path, SafeFileHandle file)
    {
        long length = RandomAccess.GetLength(file);
        if (length > MaxLength)
        {
            throw new SessionKeyRingException(path, $"is larger than {MaxLength / 1024} KiB and so is no key ring: check the path");
        }

        var text = new SecretBytes((int)length);
        int count = 0;
        while (RandomAccess.Read(file, text.Span[count..], count) is > 0 and int read)
        {
            count += read;
        }

        return text;
    }
}
