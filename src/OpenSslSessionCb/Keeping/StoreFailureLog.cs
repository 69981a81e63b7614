using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>What the store throws: counted all, logged at most once a minute.</summary>
internal sealed partial class StoreFailureLog(ILogger logger, SessionCacheCounters counters)
{
    private readonly ILogger _logger = logger;
    private OncePerMinute _minute;

    internal void Add(Exception exception)
    {
        counters.Errors.Increment();
        if (!_minute.TryTake())
        {
            return;
        }

        try
        {
            StoreFailed(_logger, exception, counters.Errors.Count());
        }
        catch (Exception)
        {
            // A logger that throws must not take a handshake down with it; the failure is counted already.
        }
    }

    [LoggerMessage(2, LogLevel.Warning, "The session store failed; clients get full handshakes meanwhile. {Count} failures so far.")]
    private static partial void StoreFailed(ILogger logger, Exception exception, long count);
}
