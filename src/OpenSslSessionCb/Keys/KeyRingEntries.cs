namespace OpenSslSessionCb;

/// <summary>The keys of a ring as they stand in its file.</summary>
internal sealed class KeyRingEntries(SecretBytes index, IReadOnlyList<SecretBytes> keys, SecretBytes? next) : IDisposable
{
    /// <summary>The length of every key, in bytes.</summary>
    internal const int KeyLength = 32;

    internal SecretBytes Index { get; } = index;

    /// <summary>One or more; the first seals.</summary>
    internal IReadOnlyList<SecretBytes> Keys { get; } = keys;

    /// <summary>Opens already; will seal after the next rotation.</summary>
    internal SecretBytes? Next { get; } = next;

    internal static KeyRingEntries Create(bool withNext = true) => new(NewKey(), [NewKey()], withNext ? NewKey() : null);

    /// <summary>The key that was next comes first, and there is a fresh one next.</summary>
    internal KeyRingEntries Rotate(int keep)
    {
        IEnumerable<SecretBytes> keys = Next is null ? Keys : Keys.Prepend(Next);
        return new KeyRingEntries(Index, [.. keys.Take(keep)], NewKey());
    }

    /// <summary>Zeroes all but the index key.</summary>
    internal void DisposeKeys()
    {
        foreach (SecretBytes key in Keys)
        {
            key.Dispose();
        }

        Next?.Dispose();
    }

    public void Dispose()
    {
        Index.Dispose();
        DisposeKeys();
    }

    private static SecretBytes NewKey()
    {
        var key = new SecretBytes(KeyLength);
        LibCryptoHash.FillRandom(key.Span);
        return key;
    }
}
