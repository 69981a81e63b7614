namespace OpenSslSessionCb;

/// <summary>Whether a server context of the process shares its sessions, and if not, why.</summary>
public enum ProcessContextDecision
{
    /// <summary>Its connections share their sessions.</summary>
    Shares,

    /// <summary>The filter said no.</summary>
    FilteredOut,

    /// <summary>Its host has set session callbacks of its own, or attached a handler to it.</summary>
    HasOwnCallbacks,

    /// <summary>Its host has switched resumption off (SSL_SESS_CACHE_OFF).</summary>
    ResumptionOff,

    /// <summary>It allows early data, which a shared cache cannot protect against replay.</summary>
    AllowsEarlyData,

    /// <summary>Its connections are QUIC.</summary>
    Quic,

    /// <summary>Looking at it failed; the exception was counted.</summary>
    Failed,
}
