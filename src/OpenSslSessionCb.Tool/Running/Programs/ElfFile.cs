using System.Buffers.Binary;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>The bytes of a file that anybody may have written: no read goes past its end.</summary>
internal sealed class ElfFile : IDisposable
{
    private const int LongestText = 4096;

    private readonly SafeFileHandle _file;

    private ElfFile(SafeFileHandle file)
    {
        _file = file;
        Length = (ulong)RandomAccess.GetLength(file);
    }

    internal ulong Length { get; }

    /// <summary>Null: this user may not read it, or it is no regular file, of which a read might never end.</summary>
    internal static ElfFile? TryOpen(string path)
    {
        if (FileStatus.TryOf(path) is not { IsRegularFile: true })
        {
            return null;
        }

        try
        {
            return new ElfFile(File.OpenHandle(path));
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            return null;
        }
    }

    internal static InvalidDataException Damaged() => new("What it says of itself lies outside of it, or makes no sense.");

    /// <exception cref="InvalidDataException">Some of it lies behind the file's end.</exception>
    internal void Read(ulong offset, Span<byte> destination)
    {
        ThrowIfOutside(offset, (ulong)destination.Length);
        for (int done = 0; done < destination.Length;)
        {
            int count = RandomAccess.Read(_file, destination[done..], (long)offset + done);
            done += count > 0 ? count : throw Damaged();
        }
    }

    internal void ThrowIfOutside(ulong offset, ulong length)
    {
        if (offset > Length || length > Length - offset)
        {
            throw Damaged();
        }
    }

    /// <summary>What is there of so many bytes.</summary>
    internal byte[] ReadStart(int most)
    {
        var start = new byte[Math.Min((ulong)most, Length)];
        Read(0, start);
        return start;
    }

    internal ushort UInt16(ulong offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ushort)];
        Read(offset, bytes);
        return BinaryPrimitives.ReadUInt16LittleEndian(bytes);
    }

    internal uint UInt32(ulong offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(uint)];
        Read(offset, bytes);
        return BinaryPrimitives.ReadUInt32LittleEndian(bytes);
    }

    internal ulong UInt64(ulong offset)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        Read(offset, bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>A text of C's, which must end before so many bytes.</summary>
    internal string Text(ulong offset, ulong most)
    {
        ThrowIfOutside(offset, 0);
        var bytes = new byte[Math.Min(Math.Min(most, Length - offset), LongestText)];
        Read(offset, bytes);
        int end = Array.IndexOf(bytes, (byte)0);
        string text = end >= 0 ? Encoding.UTF8.GetString(bytes, 0, end) : throw Damaged();

        // A terminal may come to see it.
        return text.Any(char.IsControl) ? throw Damaged() : text;
    }

    public void Dispose() => _file.Dispose();
}
