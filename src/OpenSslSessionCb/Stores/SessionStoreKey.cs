using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb;

/// <summary>
/// The key of a record in a store: a 32-byte keyed hash of the isolation context and the session id, so that
/// a dump of a store shows no session ids and a record of one isolation context cannot be asked for from another.
/// </summary>
public readonly struct SessionStoreKey : IEquatable<SessionStoreKey>
{
    /// <summary>The length of every key, in bytes.</summary>
    public const int Length = 32;

    private readonly Bytes _bytes;

    /// <summary>Makes a key of exactly <see cref="Length"/> bytes.</summary>
    /// <exception cref="ArgumentException">Another length.</exception>
    public SessionStoreKey(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Length)
        {
            throw new ArgumentException($"A store key has {Length} bytes; these are {bytes.Length}.", nameof(bytes));
        }

        bytes.CopyTo(_bytes);
    }

    /// <summary>The bytes, for a store whose keys are binary.</summary>
    public byte[] ToArray() => ((ReadOnlySpan<byte>)_bytes).ToArray();

    /// <summary>Copies the <see cref="Length"/> bytes into <paramref name="destination"/>.</summary>
    public void CopyTo(Span<byte> destination) => ((ReadOnlySpan<byte>)_bytes).CopyTo(destination);

    /// <summary>64 lower-case hex digits, for a store whose keys are text.</summary>
    public string ToHexString() => Convert.ToHexStringLower(_bytes);

    /// <inheritdoc/>
    public bool Equals(SessionStoreKey other) => ((ReadOnlySpan<byte>)_bytes).SequenceEqual(other._bytes);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SessionStoreKey other && Equals(other);

    /// <inheritdoc/>
    // The key is a keyed hash already: any four of its bytes are a good hash code.
    public override int GetHashCode() => MemoryMarshal.Read<int>(_bytes);

    /// <summary>The first 8 hex digits: enough to follow a record through logs, too little to ask for it.</summary>
    public override string ToString() => Convert.ToHexStringLower(((ReadOnlySpan<byte>)_bytes)[..4]);

    /// <summary>Whether both keys have the same bytes.</summary>
    public static bool operator ==(SessionStoreKey left, SessionStoreKey right) => left.Equals(right);

    /// <summary>Whether the keys differ.</summary>
    public static bool operator !=(SessionStoreKey left, SessionStoreKey right) => !left.Equals(right);

    [InlineArray(Length)]
    private struct Bytes
    {
        private byte _first;
    }
}
