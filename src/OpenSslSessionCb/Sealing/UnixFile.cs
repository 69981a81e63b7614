using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb;

/// <summary>What .NET does not offer: a link that never overwrites, and who owns a file.</summary>
/// <remarks>File.Move without overwriting looks first and renames then on Unix: of two processes, both can succeed.</remarks>
[UnsupportedOSPlatform("windows")]
internal static partial class UnixFile
{
    private const int EmptyPath = 0x1000;
    private const uint UserId = 0x8;

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

    /// <summary>Whether it belongs to this process's user or to root; null where that cannot be told.</summary>
    internal static bool? IsOursOrRoots(SafeFileHandle file)
    {
        if (!OperatingSystem.IsLinux())
        {
            // Whoever could open a file that only its owner may read is its owner or root.
            return true;
        }

        return Status(file, "", EmptyPath, UserId, out StatusBuffer status) == 0
            ? status.UserId == 0 || status.UserId == EffectiveUserId()
            : null;
    }

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string existing, string added);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint EffectiveUserId();

    // Of the calls that name an owner the only one whose structure is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle folder, string path, int flags, uint mask, out StatusBuffer status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatusBuffer
    {
        [FieldOffset(20)]
        public uint UserId;
    }
}
