namespace OpenSslSessionCb.Tool.Demo;

/// <summary>One connection of the demonstration, as both ends saw it.</summary>
internal sealed record DemoVisit
{
    internal required ServerProcess Server { get; init; }

    /// <summary>Who made the session that the client offered; null when it offered none.</summary>
    internal required ServerProcess? MadeBy { get; init; }

    /// <summary>As libssl says on the client.</summary>
    internal required string Protocol { get; init; }

    /// <summary>SSL_session_reused on the client.</summary>
    internal required bool ClientResumed { get; init; }

    /// <summary>SSL_session_reused on the server, as its page says.</summary>
    internal required bool ServerResumed { get; init; }

    /// <summary>The process that answered, as its page says.</summary>
    internal required int AnsweredBy { get; init; }

    internal required TimeSpan Handshake { get; init; }

    internal bool CrossesProcesses => MadeBy is not null && MadeBy.Id != AnsweredBy;

    internal bool ResumedAcrossProcesses => CrossesProcesses && ClientResumed && ServerResumed;
}
