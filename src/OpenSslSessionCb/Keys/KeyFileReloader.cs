using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>Reads the key file again from time to time. A file that is refused leaves the keys as they were.</summary>
internal sealed partial class KeyFileReloader : IDisposable
{
    private readonly SessionKeyRing _keyRing;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private string? _problem;

    internal KeyFileReloader(SessionKeyRing keyRing, TimeSpan interval, TimeProvider time, ILogger logger)
    {
        _keyRing = keyRing;
        _logger = logger;
        _timer = time.CreateTimer(static self => ((KeyFileReloader)self!).Reload(), this, interval, interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Reload()
    {
        // The process may be at its end.
        if (!LibCryptoUse.TryEnter())
        {
            return;
        }

        try
        {
            if (_keyRing.Reload())
            {
                Reloaded(_logger, _keyRing.KeyCount);
            }

            _problem = null;
        }
        catch (ObjectDisposedException)
        {
            // The ring is not used any more.
        }
        catch (Exception exception)
        {
            // Once, and not as often as it is tried.
            if (Interlocked.Exchange(ref _problem, exception.Message) != exception.Message)
            {
                ReloadFailed(_logger, exception.Message);
            }
        }
        finally
        {
            LibCryptoUse.Leave();
        }
    }

    [LoggerMessage(103, LogLevel.Information, "The key file has changed; {Count} keys open sessions now.")]
    private static partial void Reloaded(ILogger logger, int count);

    [LoggerMessage(104, LogLevel.Warning, "The key file was not read again, and the keys stay as they were: {Problem}")]
    private static partial void ReloadFailed(ILogger logger, string problem);
}
