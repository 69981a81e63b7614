using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace OpenSslSessionCb;

/// <summary>Says which record of a <see cref="MemorySessionStore"/> goes next: the oldest that was not read lately.</summary>
/// <remarks>
/// Records that left the store by another way stay in the queue as shells until they come up. The number of shells is
/// held near the number of records, at a few steps for each record added, so that no call ever does much.
/// </remarks>
internal sealed class EvictionClock
{
    private const int MaxSecondChances = 8;
    private const int SlackShells = 256;
    private const int StepsPerAdd = 4;

    private readonly ConcurrentQueue<MemoryRecord> _queue = new();
    private long _queued;
    private long _shells;

    /// <summary>How many records and shells wait in the queue.</summary>
    public long Length => Volatile.Read(ref _queued);

    public void Add(MemoryRecord record)
    {
        Interlocked.Increment(ref _queued);
        _queue.Enqueue(record);
        for (int step = 0; step < StepsPerAdd && HasTooManyShells && _queue.TryDequeue(out MemoryRecord? oldest); step++)
        {
            if (oldest.IsGone)
            {
                LeaveQueue();
            }
            else
            {
                _queue.Enqueue(oldest);
            }
        }
    }

    /// <summary>To be called for each record that leaves the store, whichever way.</summary>
    public void Forget() => Interlocked.Increment(ref _shells);

    /// <summary>The next to evict. It is out of the queue already: the caller drops it from the store.</summary>
    public bool TryNext(long now, [NotNullWhen(true)] out MemoryRecord? victim)
    {
        int chances = MaxSecondChances;
        while (_queue.TryDequeue(out victim))
        {
            if (victim.IsGone)
            {
                LeaveQueue();
            }
            else if (victim.ExpiresAt > now && chances-- > 0 && victim.TakeRead())
            {
                _queue.Enqueue(victim);
            }
            else
            {
                // The shell that Forget counts, when it leaves the store, is none: it is out of the queue already.
                LeaveQueue();
                return true;
            }
        }

        return false;
    }

    private bool HasTooManyShells
    {
        get
        {
            long shells = Volatile.Read(ref _shells);
            return shells > SlackShells && shells > Length / 2;
        }
    }

    private void LeaveQueue()
    {
        Interlocked.Decrement(ref _queued);
        Interlocked.Decrement(ref _shells);
    }
}
