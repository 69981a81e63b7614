using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>The capabilities that a program's file grants, as the kernel keeps them in its attribute security.capability.</summary>
internal readonly partial record struct FileCapabilities(bool AreEffective, ulong Permitted, ulong Inheritable)
{
    private const uint Version1 = 0x01000000;
    private const uint Version2 = 0x02000000;
    private const uint Version3 = 0x03000000;
    private const uint EffectiveFlag = 1;

    /// <summary>Null: none, or none that count here.</summary>
    internal static FileCapabilities? TryOf(string path)
    {
        Span<byte> value = stackalloc byte[32];
        nint length = GetAttribute(path, "security.capability", value, (nuint)value.Length);
        uint head = length >= 4 ? Word(value, 0) : 0;
        int halves = ((head & 0xFF000000) == Version1, length) switch
        {
            (true, 12) => 1,
            (false, 20) when (head & 0xFF000000) == Version2 => 2,

            // With the user that is root in the namespace it was given in. 0, and so ours, is told as version 2.
            (false, 24) when (head & 0xFF000000) == Version3 && Word(value, 5) == 0 => 2,
            _ => 0,
        };
        return halves switch
        {
            1 => new FileCapabilities((head & EffectiveFlag) != 0, Word(value, 1), Word(value, 2)),
            2 => new FileCapabilities((head & EffectiveFlag) != 0, Word(value, 1) | ((ulong)Word(value, 3) << 32),
                Word(value, 2) | ((ulong)Word(value, 4) << 32)),
            _ => null,
        };
    }

    private static uint Word(ReadOnlySpan<byte> value, int index) =>
        BinaryPrimitives.ReadUInt32LittleEndian(value[(index * sizeof(uint))..]);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetAttribute(string path, string name, Span<byte> value, nuint size);
}
