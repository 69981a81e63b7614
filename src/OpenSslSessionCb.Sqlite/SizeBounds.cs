namespace OpenSslSessionCb;

/// <summary>Keeps a store within its bounds by evicting what expires soonest. Called by the writer, under its lock.</summary>
internal sealed class SizeBounds(int maxRecords, long maxPages)
{
    // Counting reads the whole index. So a little more than needed is evicted, and the next count is that far away.
    private const int MaxSpare = 1024;
    private const int MaxAttempts = 10;
    private const int PageBytes = 4000;

    // As far as this process's own writes go, the true count is never above this.
    private long _countAtMost = long.MaxValue;

    /// <summary>To be called after each put; returns how many records were evicted.</summary>
    public long AfterPut(StoreConnection connection)
    {
        if (_countAtMost < maxRecords)
        {
            _countAtMost++;
            return 0;
        }

        return KeepCount(connection);
    }

    /// <summary>Counts, and evicts what is too much; returns how many records that were.</summary>
    public long KeepCount(StoreConnection connection)
    {
        _countAtMost = connection.Count();
        if (_countAtMost <= maxRecords)
        {
            return 0;
        }

        int evicted = connection.Evict(_countAtMost - maxRecords + Math.Min(maxRecords / 16, MaxSpare));
        _countAtMost -= evicted;
        return evicted;
    }

    /// <summary>After SQLITE_FULL: evicts if it was the file's bound and not the disk's; false when another attempt is pointless.</summary>
    public bool TryMakeRoom(StoreConnection connection, int recordBytes, int attempt)
    {
        long pagesNeeded = (recordBytes / PageBytes) + 8;
        if (attempt == MaxAttempts || connection.UsedPages() + pagesNeeded < maxPages)
        {
            return false;
        }

        // What is evicted leaves gaps in many pages, not whole pages: it can take more than one round to fit a record in.
        long count = connection.Count();
        return connection.Evict(Math.Clamp(count / 16, 1, MaxSpare) << attempt) > 0;
    }
}
