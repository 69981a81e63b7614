using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>Exceptions that a handler threw into a trampoline: counted all, logged at most once per callback and minute.</summary>
internal sealed partial class HandlerFailures(ILogger? logger)
{
    private readonly OncePerMinute[] _minutes = new OncePerMinute[3];
    private readonly ILogger? _logger = logger;
    private long _count;
    private volatile Exception? _last;

    internal long Count => Volatile.Read(ref _count);

    internal Exception? Last => _last;

    internal void Add(SessionCallbackKinds callback, Exception exception)
    {
        long count = Interlocked.Increment(ref _count);
        _last = exception;
        if (_logger is null || !_minutes[(int)callback >> 1].TryTake())
        {
            return;
        }

        try
        {
            HandlerThrew(_logger, exception, callback, count);
        }
        catch (Exception)
        {
            // A logger that throws must not take the handshake down with it; the exception is counted and kept already.
        }
    }

    [LoggerMessage(1, LogLevel.Error,
        "The session handler threw in the {Callback} callback; libssl was answered as if there were none. {Count} such failures so far.")]
    private static partial void HandlerThrew(ILogger logger, Exception exception, SessionCallbackKinds callback, long count);
}
