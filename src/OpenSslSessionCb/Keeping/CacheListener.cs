using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>What the cache makes of the news about its store: counts, a duration for the meter, and a line in the log.</summary>
internal sealed partial class CacheListener(ILogger logger, StoreFailureLog failures) : LookupListener
{
    private readonly ILogger _logger = logger;

    /// <summary>Null until the meter is made, which reads the lookups that this listens to.</summary>
    internal SessionCacheMeter? Meter { get; set; }

    internal override void Failed(Exception exception) => failures.Add(exception);

    internal override void Answered(LookupOutcome outcome, long start)
    {
        try
        {
            Meter?.Record(outcome, start);
        }
        catch (Exception)
        {
            // A meter's listener of the host's; it must not take a handshake down with it.
        }
    }

    internal override void StoreIsAway(bool away)
    {
        try
        {
            if (away)
            {
                StoreLeftAlone(_logger);
            }
            else
            {
                StoreIsBack(_logger);
            }
        }
        catch (Exception)
        {
            // A logger that throws: as above.
        }
    }

    [LoggerMessage(3, LogLevel.Warning,
        "The session store fails or is late too often, and is left alone for a while; clients get full handshakes meanwhile.")]
    private static partial void StoreLeftAlone(ILogger logger);

    [LoggerMessage(4, LogLevel.Information, "The session store answers again.")]
    private static partial void StoreIsBack(ILogger logger);
}
