using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>How far one connection came.</summary>
internal enum CheckProgress
{
    /// <summary>Not to the server, or not through its handshake.</summary>
    Failed,

    /// <summary>The server does not speak the version that was asked for.</summary>
    VersionNotSpoken,

    /// <summary>The handshake was done.</summary>
    Connected,
}

/// <summary>One connection to a server. Owns the session.</summary>
internal sealed record CheckVisit(CheckProgress Progress) : IDisposable
{
    /// <summary>Why it failed, in libssl's or the system's words.</summary>
    internal string Problem { get; init; } = "";

    /// <summary>SSL_session_reused.</summary>
    internal bool IsResumed { get; init; }

    /// <summary>What the server gave, if that can be offered again.</summary>
    internal SafeTlsSession? Session { get; init; }

    internal SessionForm Form { get; init; }

    /// <summary>Why this server cannot take part with this version; null when it can.</summary>
    internal string? Obstacle => Progress switch
    {
        CheckProgress.Failed => $"cannot connect: {Problem}",
        CheckProgress.VersionNotSpoken => "version not spoken",
        _ => null,
    };

    internal string Given => Obstacle ?? Form switch
    {
        SessionForm.Id => "an id",
        SessionForm.Ticket => "a ticket",
        _ => "no session given",
    };

    public void Dispose() => Session?.Dispose();
}
