namespace OpenSslSessionCb;

/// <summary>Where a connection will stand when its handshake is done, as far as that is known when libssl asks for its session.</summary>
/// <param name="Place">The place.</param>
/// <param name="IsHere">Whether it stands there now.</param>
/// <param name="Ciphers">What it may agree on there; null: what it may agree on now.</param>
internal readonly record struct ConnectionEnd(ConnectionPlace Place, bool IsHere, CipherList? Ciphers = null);
