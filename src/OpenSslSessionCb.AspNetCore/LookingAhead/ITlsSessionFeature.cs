namespace OpenSslSessionCb;

/// <summary>
/// How the TLS session of a connection came about: a feature of the connection, and so of its requests
/// (<c>HttpContext.Features.Get&lt;ITlsSessionFeature&gt;()</c>).
/// </summary>
/// <remarks>There is none where nothing looks ahead: see <c>OpenSslSessionCacheOptions.LookAhead</c>. Any thread.</remarks>
public interface ITlsSessionFeature
{
    /// <summary>Whether the handshake resumed a session. Null before its end, without TLS, and when it cannot be known.</summary>
    bool? Resumed { get; }

    /// <summary>
    /// From the last byte of the ClientHello to the end of the handshake: the lookup, the work of both sides, and the way between
    /// them. Null when <see cref="Resumed"/> is.
    /// </summary>
    TimeSpan? HandshakeDuration { get; }
}
