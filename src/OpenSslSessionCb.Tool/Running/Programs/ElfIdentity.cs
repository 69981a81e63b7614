using System.Globalization;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>What kind of machine an ELF file is for.</summary>
internal readonly record struct ElfIdentity(bool Is64Bit, bool IsLittleEndian, ushort Machine)
{
    private const ulong MachineOffset = 18;

    private static readonly Lazy<ElfIdentity?> s_own = new(static () =>
    {
        using ElfFile? file = ElfFile.TryOpen("/proc/self/exe");
        return file is null ? null : TryRead(file);
    });

    /// <summary>That of this process; null where /proc is not to be had.</summary>
    internal static ElfIdentity? Own => s_own.Value;

    /// <summary>Null: it is no ELF file.</summary>
    /// <exception cref="InvalidDataException">It begins as one and is damaged.</exception>
    internal static ElfIdentity? TryRead(ElfFile file)
    {
        byte[] start = file.ReadStart(6);
        if (!start.AsSpan().StartsWith("\u007FELF"u8))
        {
            return null;
        }

        if (start.Length < 6 || start[4] is not (1 or 2) || start[5] is not (1 or 2))
        {
            throw ElfFile.Damaged();
        }

        bool isLittleEndian = start[5] == 1;
        ushort machine = file.UInt16(MachineOffset);
        return new ElfIdentity(start[4] == 2, isLittleEndian, isLittleEndian ? machine : (ushort)((machine << 8) | (machine >> 8)));
    }

    public override string ToString()
    {
        string name = Machine switch
        {
            3 => "x86",
            8 => "MIPS",
            20 or 21 => "POWER",
            22 => "S/390",
            40 => "ARM",
            62 => "x86-64",
            183 => "AArch64",
            243 => "RISC-V",
            258 => "LoongArch",
            _ => string.Create(CultureInfo.InvariantCulture, $"machine number {Machine}"),
        };
        return $"{(Is64Bit ? "64" : "32")}-bit {name}{(IsLittleEndian ? "" : ", big-endian")}";
    }
}
