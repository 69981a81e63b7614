namespace OpenSslSessionCb;

/// <summary>What the page is told, once a second. Its names in JSON are the page's own business, and no API.</summary>
/// <param name="Node">Who answers.</param>
/// <param name="Connection">The connection that this was asked on.</param>
/// <param name="NotShared">Why this process shares no sessions; null when it does.</param>
/// <param name="Statistics">What the cache has done; null when there is none.</param>
/// <param name="Contexts">The server contexts that have seen a connection.</param>
/// <param name="History">The last minutes, the newest slot first; those in which nobody looked are left out.</param>
internal sealed record PageData(
    PageData.NodeFacts Node,
    PageData.ConnectionFacts Connection,
    string? NotShared,
    SessionCacheStatistics? Statistics,
    IReadOnlyList<PageData.ContextFacts> Contexts,
    IReadOnlyList<PageData.SlotFacts> History)
{
    /// <param name="Process">Its process id.</param>
    /// <param name="Machine">Its machine's name.</param>
    internal sealed record NodeFacts(int Process, string Machine);

    /// <param name="Id">Kestrel's name for it, to tell one connection from the next.</param>
    /// <param name="Tls">Its TLS version; null when TLS does not end here.</param>
    /// <param name="Cipher">The name of the cipher suite.</param>
    /// <param name="Http">Its HTTP version.</param>
    /// <param name="Resumed">False: a full handshake. Null: not known.</param>
    /// <param name="HandshakeMilliseconds">Null: not known.</param>
    internal sealed record ConnectionFacts(
        string Id, string? Tls, string? Cipher, string Http, bool? Resumed, double? HandshakeMilliseconds);

    /// <param name="Certificate">8 hex digits.</param>
    /// <param name="HostName">What the first client asked for; it may be anything.</param>
    /// <param name="Shares">Whether its connections share their sessions.</param>
    /// <param name="Why">Why, or why not.</param>
    internal sealed record ContextFacts(string Certificate, string? HostName, bool Shares, string Why);

    /// <param name="Ago">How many slots ago; 0 is the one that is not over.</param>
    /// <param name="Hits">Sessions found.</param>
    /// <param name="Misses">Sessions not found.</param>
    /// <param name="StoreLookups">How often the store was asked.</param>
    /// <param name="StoreMilliseconds">How long it took to answer all of these.</param>
    /// <param name="SlowestMilliseconds">The longest of them.</param>
    internal sealed record SlotFacts(
        int Ago, long Hits, long Misses, long StoreLookups, double StoreMilliseconds, double SlowestMilliseconds);
}
