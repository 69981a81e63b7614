using System.Text;

namespace OpenSslSessionCb;

/// <summary>A farm's name, hashed once, so that it has one length wherever it is bound into something.</summary>
internal sealed class FarmName
{
    /// <summary>Of the digest, in bytes.</summary>
    internal const int Length = LibCryptoHash.Length;

    private const int MaxLength = 256;

    private readonly byte[] _digest = new byte[Length];

    internal FarmName(string name) => LibCryptoHash.Sha256(Encoding.UTF8.GetBytes(name), _digest);

    /// <summary>Null: it is a name.</summary>
    /// <remarks>Of bytes that are no UTF-8 a program makes U+FFFD, and names that differ become one.</remarks>
    internal static string? ProblemOf(string? name) =>
        string.IsNullOrWhiteSpace(name) || name.Length > MaxLength ? $"must have 1 to {MaxLength} characters"
        : name.EnumerateRunes().Contains(Rune.ReplacementChar) ? "must be valid Unicode"
        : null;

    internal ReadOnlySpan<byte> Digest => _digest;
}
