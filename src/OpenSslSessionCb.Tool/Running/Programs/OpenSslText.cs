using System.Text;
using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>
/// The line by which OpenSSL and its kin say their version: "OpenSSL 3.0.19 27 Jan 2026". Where it is linked statically, the
/// program carries it.
/// </summary>
internal static partial class OpenSslText
{
    private const int AtOnce = 256 * 1024;
    private const int Longest = 80;

    /// <summary>Null: there is none in what a program carries and does not change.</summary>
    internal static string? Find(ElfImage image)
    {
        var some = new byte[AtOnce];
        foreach (ElfSegment segment in image.ReadOnlySegments)
        {
            for (ulong done = 0; done < segment.Length; done += AtOnce - Longest)
            {
                Span<byte> bytes = some.AsSpan(0, (int)Math.Min(AtOnce, segment.Length - done));
                image.File.Read(segment.Offset + done, bytes);
                if ((Find(bytes, "OpenSSL "u8) ?? Find(bytes, "LibreSSL "u8)) is { } text)
                {
                    return text;
                }
            }
        }

        return null;
    }

    private static string? Find(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> name)
    {
        for (int at; (at = bytes.IndexOf(name)) >= 0; bytes = bytes[(at + name.Length)..])
        {
            Match match = Version().Match(Encoding.Latin1.GetString(bytes[at..Math.Min(at + Longest, bytes.Length)]));
            if (match.Success)
            {
                return match.Value;
            }
        }

        return null;
    }

    // With its date, or with the name of who claims to be compatible: other texts speak of versions too.
    [GeneratedRegex(
        @"\A(OpenSSL \d+\.\d+\.\d+[-.+a-z0-9]* {1,2}\d{1,2} [A-Z][a-z]{2} \d{4}|"
            + @"OpenSSL \d+\.\d+\.\d+[a-z]* \(compatible; [-. A-Za-z0-9]+\)|LibreSSL \d+\.\d+\.\d+)",
        RegexOptions.CultureInvariant)]
    private static partial Regex Version();
}
