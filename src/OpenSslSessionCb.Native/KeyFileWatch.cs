namespace OpenSslSessionCb.Native;

/// <summary>
/// Reads the key file again from time to time, so that keys can be rotated under servers that run for months. A file that is
/// refused leaves the keys as they were.
/// </summary>
internal sealed class KeyFileWatch : IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(10);

    private readonly SessionKeyRing _keyRing;
    private readonly NativeLog? _log;
    private readonly Timer _timer;
    private string? _problem;

    internal KeyFileWatch(SessionKeyRing keyRing, NativeLog? log)
    {
        _keyRing = keyRing;
        _log = log;
        _timer = new Timer(static self => ((KeyFileWatch)self!).Reload(), this, s_interval, s_interval);
    }

    public void Dispose() => _timer.Dispose();

    private void Reload()
    {
        if (!LibCryptoUse.TryEnter())
        {
            return;
        }

        try
        {
            if (_keyRing.Reload())
            {
                _log?.Write(NativeLog.Information, $"The key file has changed; {_keyRing.KeyCount} keys open sessions now.");
            }

            _problem = null;
        }
        catch (ObjectDisposedException)
        {
            // The cache has been closed meanwhile.
        }
        catch (Exception exception)
        {
            if (_problem != exception.Message)
            {
                _log?.Write(NativeLog.Warning, $"The key file was not read again, and the keys stay as they were: {exception.Message}");
            }

            _problem = exception.Message;
        }
        finally
        {
            LibCryptoUse.Leave();
        }
    }
}
