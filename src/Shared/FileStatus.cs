using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb;

/// <summary>What Linux says of a file.</summary>
internal readonly partial record struct FileStatus(ushort Mode, uint UserId, uint GroupId)
{
    private const ushort TypeBits = 0xF000;
    private const ushort RegularFile = 0x8000;
    private const ushort Folder = 0x4000;
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint TypeModeUserAndGroup = 0x1 | 0x2 | 0x8 | 0x10;

    internal bool IsRegularFile => (Mode & TypeBits) == RegularFile;

    internal bool IsFolder => (Mode & TypeBits) == Folder;

    /// <summary>Of the file that a path leads to, symbolic links followed; null: it cannot be told.</summary>
    internal static FileStatus? TryOf(string path) =>
        Status(CurrentFolder, path, 0, TypeModeUserAndGroup, out StatusBuffer status) == 0 ? status.Read() : null;

    /// <summary>Of an open file; null: it cannot be told.</summary>
    internal static FileStatus? TryOf(SafeFileHandle file) =>
        Status(file, "", EmptyPath, TypeModeUserAndGroup, out StatusBuffer status) == 0 ? status.Read() : null;

    // Of the calls that name an owner the only one whose structure is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, out StatusBuffer status);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(SafeFileHandle file, string path, int flags, uint mask, out StatusBuffer status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatusBuffer
    {
        [FieldOffset(20)]
        public uint UserId;
        [FieldOffset(24)]
        public uint GroupId;
        [FieldOffset(28)]
        public ushort Mode;

        internal readonly FileStatus Read() => new(Mode, UserId, GroupId);
    }
}
