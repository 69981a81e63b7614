namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>
/// A program or library of 64 bits, little-endian, as the kernel and the loader see it: by its segments, not its sections.
/// </summary>
internal sealed class ElfImage
{
    private const int ProgramType = 2;
    private const int SharedType = 3;
    private const ulong TypeOffset = 16;
    private const ulong SegmentsOffset = 32;
    private const ulong SegmentLengthOffset = 54;
    private const ulong SegmentCountOffset = 56;
    private const uint SegmentLength = 56;

    // As the kernel has it: a page or so of segments.
    private const int MostSegments = 65536 / (int)SegmentLength;

    private readonly ElfFile _file;
    private readonly ElfSegment[] _segments;

    /// <exception cref="InvalidDataException">It is damaged, or nothing that can be started or loaded.</exception>
    internal ElfImage(ElfFile file)
    {
        _file = file;
        ulong segments = file.UInt64(SegmentsOffset);
        int count = file.UInt16(SegmentCountOffset);
        if (file.UInt16(TypeOffset) is not (ProgramType or SharedType)
            || file.UInt16(SegmentLengthOffset) != SegmentLength || count is 0 or > MostSegments)
        {
            throw ElfFile.Damaged();
        }

        file.ThrowIfOutside(segments, (ulong)count * SegmentLength);
        _segments = [.. Enumerable.Range(0, count).Select(index => Segment(file, segments + ((ulong)index * SegmentLength)))];
        Interpreter = Find(ElfSegment.Interpreter) is { } interpreter ? file.Text(interpreter.Offset, interpreter.Length) : null;
        Dynamic = Find(ElfSegment.Dynamic) is { } dynamic ? new ElfDynamic(file, this, dynamic) : null;
    }

    /// <summary>The loader that it asks for; null: it is statically linked, or it is a library.</summary>
    internal string? Interpreter { get; }

    /// <summary>What the loader reads of it; null: there is nothing to load.</summary>
    internal ElfDynamic? Dynamic { get; }

    /// <summary>What a program carries and does not change: its code, and its texts.</summary>
    internal IEnumerable<ElfSegment> ReadOnlySegments => _segments.Where(static segment => segment.IsReadOnly);

    internal ElfFile File => _file;

    /// <summary>Where in the file that is which will be at this address.</summary>
    /// <exception cref="InvalidDataException">Nowhere.</exception>
    internal ulong OffsetOf(ulong address)
    {
        foreach (ElfSegment segment in _segments)
        {
            if (segment.Type == ElfSegment.Load && address >= segment.Address && address - segment.Address < segment.Length)
            {
                return segment.Offset + (address - segment.Address);
            }
        }

        throw ElfFile.Damaged();
    }

    private ElfSegment? Find(uint type)
    {
        int index = Array.FindIndex(_segments, segment => segment.Type == type);
        return index < 0 ? null : _segments[index];
    }

    private static ElfSegment Segment(ElfFile file, ulong at)
    {
        var segment = new ElfSegment(file.UInt32(at), file.UInt32(at + 4), file.UInt64(at + 8), file.UInt64(at + 16), file.UInt64(at + 32));
        if (segment.Type is ElfSegment.Load or ElfSegment.Dynamic or ElfSegment.Interpreter)
        {
            file.ThrowIfOutside(segment.Offset, segment.Length);
        }

        return segment;
    }
}
