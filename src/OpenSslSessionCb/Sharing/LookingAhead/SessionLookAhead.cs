using System.Buffers;

namespace OpenSslSessionCb;

/// <summary>
/// Has a session ready before libssl asks for it, for one connection: reads the ClientHello in the first bytes that came in, and asks
/// the store, so that no thread waits inside the handshake. Says afterwards whether the handshake resumed.
/// </summary>
/// <remarks>
/// For hosts that have the bytes of a connection before SslStream has: see <see cref="SessionLookAheadStream"/> for the rest. One call
/// at a time; <see cref="Resumed"/> and <see cref="HandshakeDuration"/> on any thread.
/// </remarks>
public sealed class SessionLookAhead
{
    private readonly SessionCache _cache;
    private readonly WatchedHandshake _handshake;
    private ClientHelloReader? _reader = new();

    /// <summary>For one connection.</summary>
    /// <param name="cache">The cache whose sessions the connection may resume.</param>
    /// <param name="handshakeDone">
    /// Called once, when <see cref="Resumed"/> is known, if ever: on the thread that drives the handshake, inside libssl. It must not
    /// block; an exception ends there.
    /// </param>
    public SessionLookAhead(SessionCache cache, Action<SessionLookAhead>? handshakeDone = null)
    {
        ArgumentNullException.ThrowIfNull(cache);
        _cache = cache;
        _handshake = new WatchedHandshake(handshakeDone is null ? null : () => handshakeDone(this));
    }

    /// <summary>Whether no more bytes are asked for: pass on what there is, and what comes.</summary>
    public bool IsDone => _reader is null;

    /// <summary>
    /// Whether the handshake resumed a session. Null before its end; and for good where it cannot be known: it is not TLS, the
    /// cache is not attached to the process, or the host watches its connections itself (SSL_set_info_callback).
    /// </summary>
    public bool? Resumed => _handshake.Resumed;

    /// <summary>
    /// From the last byte of the ClientHello to the end of the handshake, the lookup included. Null when <see cref="Resumed"/> is.
    /// </summary>
    public TimeSpan? HandshakeDuration => _handshake.Duration;

    /// <summary>
    /// Looks at what has come in so far. True: pass it on, the lookups are done. False: it may be a ClientHello, but is not all
    /// of one; call again when more has come in, with all of it. What is not TLS is known by its first byte, and never waits.
    /// </summary>
    /// <remarks>
    /// Waits for the store for <see cref="SessionCacheSettings.LookupDeadline"/> at most, and for no store at all if the ids offered
    /// are none of this farm's. A ClientHello of more than 20 KB is passed on without.
    /// </remarks>
    /// <param name="received">All bytes of the connection so far, from the first. Not kept.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled. The bytes may be passed on.</exception>
    public ValueTask<bool> LookAsync(ReadOnlySequence<byte> received, CancellationToken cancellationToken = default)
    {
        if (_reader is not { } reader)
        {
            return new ValueTask<bool>(true);
        }

        ClientHelloReading reading = reader.Read(received);
        if (reading == ClientHelloReading.NeedsMore)
        {
            return new ValueTask<bool>(false);
        }

        _reader = null;
        return reading == ClientHelloReading.Read ? LookUpAsync(reader.Hello!, cancellationToken) : new ValueTask<bool>(true);
    }

    /// <summary>Looks no further, whatever comes.</summary>
    internal void Stop() => _reader = null;

    private async ValueTask<bool> LookUpAsync(ClientHello hello, CancellationToken cancellationToken)
    {
        _handshake.Begin();
        if (ProcessHook.IsAttached)
        {
            WatchedHellos.Add(hello.Random, _handshake);
        }

        if (hello.Ids.Length > 0)
        {
            await _cache.Ahead.AskAsync(hello.Ids, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }
}
