using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>What the file system says of a file, symbolic links followed.</summary>
internal readonly partial record struct FileStatus(ushort Mode, uint UserId, uint GroupId)
{
    private const ushort TypeBits = 0xF000;
    private const ushort RegularFile = 0x8000;
    private const ushort Folder = 0x4000;
    private const int CurrentFolder = -100;
    private const uint BasicStatus = 0x7FF;

    internal bool IsRegularFile => (Mode & TypeBits) == RegularFile;

    internal bool IsFolder => (Mode & TypeBits) == Folder;

    internal static FileStatus? TryOf(string path) => Status(CurrentFolder, path, 0, BasicStatus, out StatusBuffer status) == 0
        ? new FileStatus(status.Mode, status.UserId, status.GroupId)
        : null;

    // Of the calls that name an owner the only one whose structure is the same on every architecture.
    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Status(int folder, string path, int flags, uint mask, out StatusBuffer status);

    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct StatusBuffer
    {
        [FieldOffset(20)]
        public uint UserId;
        [FieldOffset(24)]
        public uint GroupId;
        [FieldOffset(28)]
        public ushort Mode;
    }
}
