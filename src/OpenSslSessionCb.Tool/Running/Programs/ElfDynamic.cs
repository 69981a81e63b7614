namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>
/// The dynamic section of an ELF file: the libraries that it needs, where it has them looked for, and what it takes from them.
/// </summary>
internal sealed class ElfDynamic
{
    private const ulong EntryLength = 16;
    private const ulong RelocationLength = 24;
    private const ulong SymbolLength = 24;
    private const int RelocationsAtOnce = 1024;

    private readonly ElfFile _file;
    private readonly ElfImage _image;
    private readonly Dictionary<ElfTag, ulong> _values = [];

    internal ElfDynamic(ElfFile file, ElfImage image, ElfSegment section)
    {
        _file = file;
        _image = image;
        var needed = new List<ulong>();
        for (ulong at = section.Offset; at + EntryLength <= section.Offset + section.Length; at += EntryLength)
        {
            var tag = (ElfTag)file.UInt64(at);
            if (tag == ElfTag.End)
            {
                break;
            }

            if (tag == ElfTag.Needed)
            {
                needed.Add(file.UInt64(at + 8));
            }
            else
            {
                _values.TryAdd(tag, file.UInt64(at + 8));
            }
        }

        Needed = [.. needed.Select(Text)];
        RunPath = Text(ElfTag.RunPath);
        OldRunPath = RunPath is null ? Text(ElfTag.OldRunPath) : null;
        Name = Text(ElfTag.Name);
    }

    /// <summary>The names of the libraries that are loaded with it.</summary>
    internal IReadOnlyList<string> Needed { get; }

    /// <summary>Where to look for them, after LD_LIBRARY_PATH.</summary>
    internal string? RunPath { get; }

    /// <summary>Where to look for them, and for those that they need, before LD_LIBRARY_PATH.</summary>
    internal string? OldRunPath { get; }

    /// <summary>A library's own name.</summary>
    internal string? Name { get; }

    /// <summary>
    /// Whether it takes one of these functions from a library. Every function that it takes is somewhere among its relocations.
    /// </summary>
    internal bool Imports(IReadOnlySet<string> names) =>
        Symbols(ElfTag.Relocations, ElfTag.RelocationsLength)
            .Concat(Symbols(ElfTag.CallRelocations, ElfTag.CallRelocationsLength))
            .Distinct()
            .Select(SymbolName)
            .Any(names.Contains);

    private IEnumerable<uint> Symbols(ElfTag table, ElfTag tableLength)
    {
        ulong length = _values.GetValueOrDefault(tableLength);
        if (length == 0 || !_values.TryGetValue(table, out ulong address))
        {
            yield break;
        }

        ulong at = _image.OffsetOf(address);
        _file.ThrowIfOutside(at, length);
        var some = new byte[RelocationsAtOnce * (int)RelocationLength];
        for (ulong done = 0; done + RelocationLength <= length;)
        {
            int count = (int)Math.Min((ulong)some.Length, (length - done) / RelocationLength * RelocationLength);
            _file.Read(at + done, some.AsSpan(0, count));
            for (int offset = 0; offset < count; offset += (int)RelocationLength)
            {
                // The upper half of r_info. Most have none: they only say that something was moved.
                if (BitConverter.ToUInt32(some, offset + 12) is not 0 and uint symbol)
                {
                    yield return symbol;
                }
            }

            done += (ulong)count;
        }
    }

    private string SymbolName(uint symbol)
    {
        ulong at = _image.OffsetOf(Address(ElfTag.Symbols)) + (symbol * SymbolLength);
        const ulong SectionOffset = 6;
        bool isImported = _file.UInt16(at + SectionOffset) == 0;
        return isImported ? Text(_file.UInt32(at)) : "";
    }

    private string? Text(ElfTag tag) => _values.TryGetValue(tag, out ulong offset) ? Text(offset) : null;

    private string Text(ulong offset)
    {
        ulong length = _values.GetValueOrDefault(ElfTag.TextsLength);
        return offset < length ? _file.Text(_image.OffsetOf(Address(ElfTag.Texts)) + offset, length - offset) : throw ElfFile.Damaged();
    }

    private ulong Address(ElfTag tag) => _values.TryGetValue(tag, out ulong address) ? address : throw ElfFile.Damaged();
}
