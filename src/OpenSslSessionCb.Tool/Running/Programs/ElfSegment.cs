namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>A part of an ELF file that is mapped, or that says something to who maps it.</summary>
internal readonly record struct ElfSegment(uint Type, uint Flags, ulong Offset, ulong Address, ulong Length)
{
    internal const uint Load = 1;
    internal const uint Dynamic = 2;
    internal const uint Interpreter = 3;

    private const uint Writable = 2;

    internal bool IsReadOnly => Type == Load && (Flags & Writable) == 0;
}
