using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>One record of a <see cref="MemorySessionStore"/>: bytes that are read without a lock and wiped when they go.</summary>
internal sealed class MemoryRecord(SessionStoreKey key, ReadOnlySpan<byte> bytes, long expiresAt)
{
    private readonly byte[] _bytes = bytes.ToArray();
    private bool _gone;
    private bool _read;

    public SessionStoreKey Key { get; } = key;

    /// <summary>In timestamps of the store's TimeProvider.</summary>
    public long ExpiresAt { get; } = expiresAt;

    public int Length => _bytes.Length;

    /// <summary>Whether it left the store. What the eviction clock still holds of it is a shell.</summary>
    public bool IsGone => Volatile.Read(ref _gone);

    /// <summary>A copy of the bytes, or null when they are gone.</summary>
    public byte[]? TryCopy()
    {
        if (!_read)
        {
            // Written only when it changes, so that readers of one record do not fight over its cache line.
            _read = true;
        }

        byte[] copy = _bytes.AsSpan().ToArray();

        // The bytes are overwritten only after _gone is set; a copy made before _gone is seen is therefore whole.
        Interlocked.MemoryBarrier();
        if (!Volatile.Read(ref _gone))
        {
            return copy;
        }

        CryptographicOperations.ZeroMemory(copy);
        return null;
    }

    /// <summary>Gives the bytes away. The record must be out of the dictionary, removed by this caller.</summary>
    public byte[] Detach()
    {
        Volatile.Write(ref _gone, true);
        Interlocked.MemoryBarrier();
        return _bytes;
    }

    /// <summary>Overwrites the bytes with zeros. The record must be out of the dictionary, removed by this caller.</summary>
    public void Wipe() => CryptographicOperations.ZeroMemory(Detach());

    /// <summary>Whether it was read since the last time this was asked.</summary>
    public bool TakeRead()
    {
        bool read = _read;
        _read = false;
        return read;
    }
}
