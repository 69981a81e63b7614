using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>
/// What the store said before libssl asked. Each answer stays for the length of a handshake, which may ask twice
/// (HelloRetryRequest).
/// </summary>
internal sealed class LookedAheadAnswers(TimeProvider clock)
{
    /// <summary>
    /// How many answers are kept. The LRU gives what nobody has read yet a fifth of its room: so some 3,000 handshakes may be
    /// between their ClientHello and its processing; what comes on top is asked again.
    /// </summary>
    private const int Capacity = 16_384;

    /// <summary>
    /// An answer that a client gets later than this is asked for again: a session that was not there may be by then.
    /// </summary>
    internal static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(2);

    // Not made for a cache that nobody asks ahead.
    private readonly Lazy<FastConcurrentLru<SessionStoreKey, Kept>> _answers =
        new(static () => new(Environment.ProcessorCount, Capacity, EqualityComparer<SessionStoreKey>.Default));

    internal bool IsUsed => _answers.IsValueCreated;

    internal bool TryGet(SessionStoreKey key, out LookupAnswer answer)
    {
        answer = default;
        if (!IsUsed || !_answers.Value.TryGet(key, out Kept kept))
        {
            return false;
        }

        if (clock.GetElapsedTime(kept.Since) >= Lifetime)
        {
            Forget(key);
            return false;
        }

        answer = kept.Answer;
        return true;
    }

    internal void Keep(SessionStoreKey key, LookupAnswer answer) =>
        _answers.Value.AddOrUpdate(key, new Kept(answer, clock.GetTimestamp()));

    internal void Forget(SessionStoreKey key) => _answers.Value.TryRemove(key);

    private readonly record struct Kept(LookupAnswer Answer, long Since);
}
