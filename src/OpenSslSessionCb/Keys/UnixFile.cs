using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb;

/// <summary>What .NET does not offer: a link that never overwrites, and who owns a file.</summary>
/// <remarks>File.Move without overwriting looks first and renames then on Unix: of two processes, both can succeed.</remarks>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFile
{
    // The same number on Linux, macOS and the BSDs.
    private const int AlreadyExists = 17;

    /// <summary>Gives a file a second name; false when that name is taken.</summary>
    /// <exception cref="IOException">Another reason.</exception>
    internal static bool TryLink(string existing, string added)
    {
        if (Link(existing, added) == 0)
        {
            return true;
        }

        return Marshal.GetLastPInvokeError() == AlreadyExists
            ? false
            : throw new IOException($"link: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
    }

    /// <summary>Whose it is, and which group's; null where that cannot be told.</summary>
    internal static (uint User, uint Group)? OwnersOf(SafeFileHandle file) =>
        OperatingSystem.IsLinux() && FileStatus.TryOf(file) is { } status ? (status.UserId, status.GroupId) : null;

    /// <summary>Gives a file to a group, and leaves its user.</summary>
    /// <exception cref="IOException">This user may not.</exception>
    internal static void SetGroup(SafeFileHandle file, uint group)
    {
        if (ChangeOwners(file, uint.MaxValue, group) != 0)
        {
            throw new IOException($"fchown: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}");
        }
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    internal static partial uint EffectiveUserId();

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwners(SafeFileHandle file, uint user, uint group);
}
