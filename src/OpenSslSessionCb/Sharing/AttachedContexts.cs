using System.Collections.Concurrent;

namespace OpenSslSessionCb;

/// <summary>The contexts a cache is attached to. Entries of contexts that libssl has freed go when the next one comes.</summary>
internal sealed class AttachedContexts
{
    private readonly ConcurrentDictionary<SessionCacheAttachment, byte> _attachments = new();
    private long _pastFailures;

    internal long FailureCount => Volatile.Read(ref _pastFailures) + _attachments.Keys.Sum(static attachment => attachment.FailureCount);

    internal void Add(SessionCacheAttachment added)
    {
        foreach (SessionCacheAttachment attachment in _attachments.Keys)
        {
            if (!attachment.IsAttached && _attachments.TryRemove(attachment, out _))
            {
                Interlocked.Add(ref _pastFailures, attachment.FailureCount);
            }
        }

        _attachments.TryAdd(added, 0);
    }

    internal void DetachAll()
    {
        foreach (SessionCacheAttachment attachment in _attachments.Keys)
        {
            attachment.Dispose();
        }
    }
}
