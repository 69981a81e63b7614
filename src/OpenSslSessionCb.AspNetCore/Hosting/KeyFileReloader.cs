using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>Reads the key file again from time to time. A file that is refused leaves the keys as they were.</summary>
internal sealed partial class KeyFileReloader : IDisposable
{
    private readonly SessionKeyRing _keyRing;
    private readonly ILogger _logger;
    private readonly ITimer _timer;

    internal KeyFileReloader(SessionKeyRing keyRing, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _keyRing = keyRing;
        _logger = logger;
        _timer = time.CreateTimer(static self => ((KeyFileReloader)self!).Reload(), this, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Reload()
    {
        try
        {
            if (_keyRing.Reload())
            {
                Reloaded(_logger, _keyRing.KeyCount);
            }
        }
        catch (ObjectDisposedException)
        {
            // The host has stopped meanwhile.
        }
        catch (Exception exception)
        {
            ReloadFailed(_logger, exception.Message);
        }
    }

    [LoggerMessage(103, LogLevel.Information, "The key file has changed; {Count} keys open sessions now.")]
    private static partial void Reloaded(ILogger logger, int count);

    [LoggerMessage(104, LogLevel.Warning, "The key file was not read again, and the keys stay as they were: {Problem}")]
    private static partial void ReloadFailed(ILogger logger, string problem);
}
