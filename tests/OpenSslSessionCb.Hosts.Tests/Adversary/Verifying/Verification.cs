namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>What a server demands of its clients, in the words that hosts have for it. Nothing set: it asks for no certificate.</summary>
internal sealed record Verification
{
    internal string? CaFile { get; init; }

    /// <summary>A folder whose files are called by hashes.</summary>
    internal string? CaPath { get; init; }

    /// <summary>A URI or a file that is read when a chain is built.</summary>
    internal string? CaStore { get; init; }

    internal string? CrlFile { get; init; }

    internal string? Email { get; init; }

    internal string? HostName { get; init; }

    /// <summary>How many certificates may stand between the client's and a CA that is trusted.</summary>
    internal int? Depth { get; init; }

    /// <summary>When certificates are to be valid, if not now.</summary>
    internal DateTimeOffset? Time { get; init; }

    /// <summary>The e-mail address that is set on each connection, and not on the context.</summary>
    internal string? ConnectionsEmail { get; init; }

    /// <summary>Whom a verify callback refuses, by its common name.</summary>
    internal string? RefusedByCallback { get; init; }

    /// <summary>Whom a callback refuses that takes the place of the whole verification.</summary>
    internal string? RefusedByVerifier { get; init; }

    internal bool IsOn => (CaFile ?? CaPath ?? CaStore) is not null;

    /// <summary>For native/hosts/verifying.c and native/hosts/python/verifying.py.</summary>
    internal IEnumerable<string> Words =>
        from word in ((string Name, string? Value)[])
        [
            ("ca-file", CaFile), ("ca-path", CaPath), ("ca-store", CaStore), ("crl", CrlFile), ("email", Email), ("host", HostName),
            ("depth", Depth is { } depth ? $"{depth}" : null), ("time", Time is { } time ? $"{time.ToUnixTimeSeconds()}" : null),
            ("connections-email", ConnectionsEmail),
            ("callback", RefusedByCallback), ("verifier", RefusedByVerifier),
        ]
        where word.Value is not null
        select $"{word.Name}={word.Value}";
}
