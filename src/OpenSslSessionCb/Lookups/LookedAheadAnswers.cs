using BitFaster.Caching.Lru;

namespace OpenSslSessionCb;

/// <summary>What the store said before libssl asked. Each answer stays for the length of a handshake, which may ask twice (HelloRetryRequest).</summary>
internal sealed class LookedAheadAnswers
{
    /// <summary>How many handshakes may be between their ClientHello and its processing; what comes on top is asked again.</summary>
    private const int Capacity = 4096;

    /// <summary>An answer that a client gets later than this is asked for again: a session that was not there may be by then.</summary>
    private static readonly TimeSpan s_lifetime = TimeSpan.FromSeconds(2);

    private readonly FastConcurrentTLru<SessionStoreKey, LookupAnswer> _answers = new(Environment.ProcessorCount, Capacity, EqualityComparer<SessionStoreKey>.Default, s_lifetime);
    private bool _isUsed;

    internal bool TryGet(SessionStoreKey key, out LookupAnswer answer)
    {
        answer = default;
        return Volatile.Read(ref _isUsed) && _answers.TryGet(key, out answer);
    }

    internal void Keep(SessionStoreKey key, LookupAnswer answer)
    {
        Volatile.Write(ref _isUsed, true);
        _answers.AddOrUpdate(key, answer);
    }

    internal bool IsUsed => Volatile.Read(ref _isUsed);

    internal void Forget(SessionStoreKey key) => _answers.TryRemove(key);
}
