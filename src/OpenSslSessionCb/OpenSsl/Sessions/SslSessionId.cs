using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb;

/// <summary>A session id: 0 to 32 bytes, a value. In TLS 1.3 it is the identity of a stateful ticket.</summary>
/// <remarks>In TLS 1.2 whoever has seen a ClientHello knows the id, so it is no secret; still, logs show 8 hex digits only.</remarks>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_id_context/"/>
public readonly struct SslSessionId : IEquatable<SslSessionId>
{
    /// <summary>SSL_MAX_SSL_SESSION_ID_LENGTH, in bytes.</summary>
    public const int MaxLength = 32;

    // Zero beyond the length, so that equality may compare all of it.
    private readonly Bytes _bytes;
    private readonly byte _length;

    /// <summary>Copies an id.</summary>
    /// <exception cref="ArgumentException">More than <see cref="MaxLength"/> bytes.</exception>
    public SslSessionId(ReadOnlySpan<byte> id)
    {
        if (id.Length > MaxLength)
        {
            throw new ArgumentException($"A session id has at most {MaxLength} bytes; these are {id.Length}.", nameof(id));
        }

        id.CopyTo(_bytes);
        _length = (byte)id.Length;
    }

    /// <summary>0 to <see cref="MaxLength"/>.</summary>
    public int Length => _length;

    /// <summary>Whether there is no id: the session cannot be asked for.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Reads an id written in hex, as <see cref="ToHexString"/> and <c>openssl sess_id</c> do.</summary>
    /// <exception cref="FormatException">Not hex, or too long.</exception>
    public static SslSessionId Parse(string hex)
    {
        byte[] bytes = Convert.FromHexString(hex);
        return bytes.Length <= MaxLength
            ? new SslSessionId(bytes)
            : throw new FormatException($"A session id has at most {MaxLength} bytes; these are {bytes.Length}.");
    }

    /// <summary>The bytes.</summary>
    public byte[] ToArray() => Span.ToArray();

    /// <summary>Copies the <see cref="Length"/> bytes into <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => Span.CopyTo(destination);

    /// <summary>All of it in lower-case hex. Not for logs.</summary>
    public string ToHexString() => Convert.ToHexStringLower(Span);

    /// <summary>The first 8 hex digits: what a log may show.</summary>
    public override string ToString() => Convert.ToHexStringLower(Span[..Math.Min(4, (int)_length)]);

    /// <inheritdoc/>
    public bool Equals(SslSessionId other) =>
        _length == other._length && ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SslSessionId other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        // Seeded per process (HashCode is): a client chooses the ids it asks for, but not where they land.
        ReadOnlySpan<long> words = MemoryMarshal.Cast<byte, long>(_bytes);
        return HashCode.Combine(words[0], words[1], words[2], words[3], _length);
    }

    /// <summary>Whether both ids have the same bytes.</summary>
    public static bool operator ==(SslSessionId left, SslSessionId right) => left.Equals(right);

    /// <summary>Whether the ids differ.</summary>
    public static bool operator !=(SslSessionId left, SslSessionId right) => !left.Equals(right);

    [System.Diagnostics.CodeAnalysis.UnscopedRef]
    internal ReadOnlySpan<byte> Span => ((ReadOnlySpan<byte>)_bytes)[.._length];

    [InlineArray(MaxLength)]
    private struct Bytes
    {
        private byte _first;
    }
}
