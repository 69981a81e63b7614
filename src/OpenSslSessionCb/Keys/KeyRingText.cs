using System.Buffers;
using System.Text;

namespace OpenSslSessionCb;

/// <summary>Reads and writes the text of a key ring's file. Keys go from bytes to bytes: no string ever holds one.</summary>
internal static class KeyRingText
{
    private const int HexLength = 2 * KeyRingEntries.KeyLength;

    private static ReadOnlySpan<byte> Heading =>
        """
        # OpenSslSessionCb key ring. Secret: mode 0600. The same on every node of the farm.
        # index names records in the store, and stays; the first key seals; every key opens, and so does
        # next, which is to seal after the next rotation.

        """u8;

    /// <exception cref="SessionKeyRingException">Names the file, the line and what is wrong with it, never what stands there.</exception>
    internal static KeyRingEntries Parse(string path, ReadOnlySpan<byte> text)
    {
        var lines = new KeyRingLines(path);
        try
        {
            int number = 0;
            foreach (Range range in text.Split((byte)'\n'))
            {
                ParseLine(lines, ++number, text[range]);
            }

            return lines.ToEntries();
        }
        catch
        {
            lines.Dispose();
            throw;
        }
    }

    /// <summary>The file's content.</summary>
    internal static SecretBytes Format(KeyRingEntries entries)
    {
        int lines = entries.Keys.Count + (entries.Next is null ? 1 : 2);
        var text = new SecretBytes(Heading.Length + (lines * ("index ".Length + HexLength + 1)));
        Heading.CopyTo(text.Span);
        Span<byte> rest = text.Span[Heading.Length..];
        rest = WriteLine(rest, "index "u8, entries.Index);
        foreach (SecretBytes key in entries.Keys)
        {
            rest = WriteLine(rest, "key   "u8, key);
        }

        if (entries.Next is not null)
        {
            WriteLine(rest, "next  "u8, entries.Next);
        }

        return text;
    }

    private static void ParseLine(KeyRingLines lines, int number, ReadOnlySpan<byte> line)
    {
        int comment = line.IndexOf((byte)'#');
        line = comment < 0 ? line : line[..comment];
        line = line[Ascii.Trim(line)];
        if (line.IsEmpty)
        {
            return;
        }

        int wordLength = line.IndexOfAny(" \t"u8);
        ReadOnlySpan<byte> word = wordLength < 0 ? line : line[..wordLength];
        ReadOnlySpan<byte> hex = line[word.Length..].TrimStart(" \t"u8);
        bool isKeyWord = word.SequenceEqual("index"u8) || word.SequenceEqual("key"u8) || word.SequenceEqual("next"u8);
        if (isKeyWord && hex.Length < HexLength)
        {
            throw lines.Refuse(number, "has a key that is too short: give it 64 hex digits, from 'openssl rand -hex 32' for instance");
        }

        var key = new SecretBytes(KeyRingEntries.KeyLength);
        if (!isKeyWord || hex.Length > HexLength || Convert.FromHexString(hex, key.Span, out _, out _) != OperationStatus.Done)
        {
            key.Dispose();
            throw lines.Refuse(number, "is none of 'index', 'key' or 'next' followed by 64 hex digits: correct it, or remove it");
        }

        lines.Add(number, word, key);
    }

    private static Span<byte> WriteLine(Span<byte> destination, ReadOnlySpan<byte> word, SecretBytes key)
    {
        word.CopyTo(destination);
        destination = destination[word.Length..];
        Convert.TryToHexStringLower(key.Span, destination, out int written);
        destination[written] = (byte)'\n';
        GC.KeepAlive(key);
        return destination[(written + 1)..];
    }
}
