namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>What an entry of the dynamic section is about, as elf.h numbers it (DT_).</summary>
internal enum ElfTag : ulong
{
    End = 0,
    Needed = 1,
    CallRelocationsLength = 2,
    Texts = 5,
    Symbols = 6,
    Relocations = 7,
    RelocationsLength = 8,
    TextsLength = 10,
    Name = 14,
    OldRunPath = 15,
    CallRelocations = 23,
    RunPath = 29,
}
