namespace OpenSslSessionCb;

/// <summary>Keeps sealed session records: opaque bytes under opaque keys.</summary>
/// <remarks>
/// <para>
/// A store knows no pointer, no <c>SSL_SESSION</c> and no secret key. It may lose records at any time: the
/// client whose record is gone pays for one full handshake. It must never return a record under a key that
/// it was not put under, and a record that <see cref="TakeAsync"/> has returned must never be returned again.
/// </para>
/// <para>
/// Every member may be called from any number of threads at once. Unless the store claims
/// <see cref="SessionStoreTraits.InProcess"/>, no member is ever called on a thread that is inside libssl,
/// so a store may block; the cache waits for an answer until its deadline and then forgets it. A member that fails
/// throws: the cache counts it, logs it and goes on as if the record did not exist.
/// </para>
/// <para>Whoever writes a store runs <c>SessionStoreContract</c> (package OpenSslSessionCb.StoreContract) against it.</para>
/// </remarks>
public interface ISessionStore : IAsyncDisposable
{
    /// <summary>What the store promises. Constant for the life of the store.</summary>
    SessionStoreTraits Traits { get; }

    /// <summary>Reads the record under <paramref name="key"/>; null when there is none or its lifetime is over.</summary>
    /// <param name="key">Chosen by the cache; an attacker cannot choose it, but can make the cache ask for keys that do not exist.</param>
    /// <param name="cancellationToken">Set when nobody waits for the answer any more.</param>
    /// <returns>
    /// A copy, which the caller may overwrite. Where anybody else can write to the store, anything may lie under the key: no more
    /// than <see cref="SessionStoreRecord.MaxLength"/> + 1 bytes of it are read, and of what is longer so many are returned, whatever
    /// their values. The cache refuses them, and knows by their number why.
    /// </returns>
    ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default);

    /// <summary>
    /// Reads and removes in one atomic step: of all callers in all processes, at most one gets the record.
    /// </summary>
    /// <exception cref="NotSupportedException">The store does not claim <see cref="SessionStoreTraits.AtomicTake"/>.</exception>
    /// <inheritdoc cref="GetAsync"/>
    ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default);

    /// <summary>Writes a record, replacing what was under the key.</summary>
    /// <param name="key">The key to write under.</param>
    /// <param name="record">
    /// 1 to <see cref="SessionStoreRecord.MaxLength"/> bytes. Valid until the returned task is done; the store copies what it keeps.
    /// </param>
    /// <param name="lifetime">More than zero. After it the record must not be returned; a store may drop it earlier.</param>
    /// <param name="cancellationToken">Set when the cache is being disposed and its patience is over.</param>
    ValueTask PutAsync(SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default);

    /// <summary>Removes the record; does nothing when there is none.</summary>
    /// <param name="key">The key to remove.</param>
    /// <param name="cancellationToken">Set when the cache is being disposed and its patience is over.</param>
    ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default);
}
