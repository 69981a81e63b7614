using System.Net;
using OpenSslSessionCb.Setup;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>What sesscb serve was asked to do.</summary>
internal sealed record ServeOptions
{
    internal required TlsStack Stack { get; init; }

    internal required IPEndPoint Listen { get; init; }

    internal string? CertificateFile { get; init; }

    internal string? KeyFile { get; init; }

    internal required StoreUri Store { get; init; }

    internal string? KeyRingFile { get; init; }

    /// <summary>The one that was given, or the one that goes with the store; null: none is needed.</summary>
    internal string? UsedKeyRingFile => Store.KeyFile(KeyRingFile, "--key-file");

    internal required string Farm { get; init; }

    internal required TlsVersions Tls { get; init; }

    internal string? ClientCaFile { get; init; }

    internal bool Tickets { get; init; }

    internal required CipherChoice Ciphers { get; init; }

    /// <summary>Served without the library.</summary>
    internal bool NoCache { get; init; }

    /// <summary>Null: as the store has it.</summary>
    internal TimeSpan? LookupDeadline { get; init; }

    /// <summary>How often the key ring is read again; null: where the stack does so at all, as AddOpenSslSessionCache has it.</summary>
    internal TimeSpan? KeyFileReload { get; init; }

    internal bool UntilStdinCloses { get; init; }

    /// <summary>What does not fit together, wherever it is run.</summary>
    internal void Validate()
    {
        if (CertificateFile is null != KeyFile is null)
        {
            throw ToolException.ForUsage("--cert and --key go together: give both, or neither for a certificate that is made here.");
        }

        if (Stack != TlsStack.OpenSsl && Ciphers != CipherChoice.LibSslDefault)
        {
            throw ToolException.ForUsage("--ciphers goes with --stack openssl only: leave it out, and .NET takes its own.");
        }

        if (Stack == TlsStack.Kestrel && Tickets)
        {
            throw ToolException.ForUsage(
                "--tickets on goes with --stack openssl or sslstream: AddOpenSslSessionCache keeps Kestrel's sessions in the store.");
        }

        if (Stack != TlsStack.Kestrel && KeyFileReload is not null)
        {
            throw ToolException.ForUsage(
                "--key-file-reload goes with --stack kestrel only: AddOpenSslSessionCache is what reads the file again.");
        }

        _ = UsedKeyRingFile;
        if (SessionCacheOptions.ProblemOfFarm(Farm) is { } problem)
        {
            throw ToolException.ForUsage($"--farm {problem}.");
        }
    }
}
