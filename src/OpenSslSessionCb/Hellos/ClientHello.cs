namespace OpenSslSessionCb;

/// <summary>What of a ClientHello matters here.</summary>
/// <param name="Random">By which the connection is found again in libssl's callback.</param>
/// <param name="Ids">
/// The ids that libssl may ask for, whichever version it chooses: the legacy session id, then each identity of pre_shared_key that has 32
/// bytes; no other identity ever reaches the get callback.
/// </param>
internal sealed record ClientHello(HelloRandom Random, SslSessionId[] Ids);
