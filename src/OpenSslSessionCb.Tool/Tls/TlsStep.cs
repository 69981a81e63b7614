namespace OpenSslSessionCb.Tool.Tls;

/// <summary>How far a call into libssl came.</summary>
internal enum TlsStep
{
    /// <summary>It did what it was asked to.</summary>
    Done,

    /// <summary>It needs more bytes from the peer.</summary>
    NeedsBytes,

    /// <summary>The session store has yet to answer.</summary>
    NeedsLookup,

    /// <summary>The peer sent close_notify.</summary>
    Closed,

    /// <summary>The connection is over; an alert may be waiting to be sent.</summary>
    Failed,
}
