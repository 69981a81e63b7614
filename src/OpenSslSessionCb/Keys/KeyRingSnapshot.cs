namespace OpenSslSessionCb;

/// <summary>The keys of a ring at one moment. Never changes: whoever works with it may go on while the ring is reloaded.</summary>
internal sealed class KeyRingSnapshot
{
    private readonly SealingKey[] _keys;

    /// <summary>Takes the index key over; of the others only what is derived is kept.</summary>
    internal KeyRingSnapshot(KeyRingEntries entries)
    {
        IndexKey = entries.Index;
        Index = new KeyedHash(IndexKey);
        _keys = [.. entries.Keys.Select(key => new SealingKey(key))];
        if (entries.Next is not null)
        {
            _keys = [.. _keys, new SealingKey(entries.Next)];
        }

        entries.DisposeKeys();
    }

    /// <summary>Told from another ring's by it; hashes are made with <see cref="Index"/>.</summary>
    internal SecretBytes IndexKey { get; }

    /// <summary>Counts the index keys that a ring has had: another key is another ring.</summary>
    internal long IndexNumber { get; private set; }

    /// <summary>By the index key: names records in the store, and proves session ids.</summary>
    internal KeyedHash Index { get; }

    /// <summary>The one that seals.</summary>
    internal SealingKey First => _keys[0];

    /// <summary>Those that open.</summary>
    internal ReadOnlySpan<SealingKey> Keys => _keys;

    /// <summary>This one comes after another.</summary>
    internal void Follow(KeyRingSnapshot before) =>
        IndexNumber = before.IndexNumber + (SecretBytes.AreEqual(IndexKey, before.IndexKey) ? 0 : 1);

    internal bool IsSameAs(KeyRingSnapshot other) =>
        SecretBytes.AreEqual(IndexKey, other.IndexKey) &&
        _keys.Length == other._keys.Length &&
        _keys.Zip(other._keys).All(pair => pair.First.IsSameAs(pair.Second));
}
