using System.ComponentModel.DataAnnotations;

namespace OpenSslSessionCb;

/// <summary>
/// The settings of a hosted session cache: the configuration section <c>OpenSslSessionCache</c> first, then the code. Checked when
/// the host starts.
/// </summary>
public sealed record OpenSslSessionCacheOptions : SessionCacheSettings
{
    /// <summary>The configuration section that is read.</summary>
    public const string SectionName = "OpenSslSessionCache";

    /// <summary>
    /// The file of the keys that seal sessions, the same on every node of the farm. Needed for every store outside of this
    /// process: without it the host does not start. See docs/sealing.md.
    /// </summary>
    public string? KeyFile { get; set; }

    /// <summary>
    /// Whether a missing <see cref="KeyFile"/> is made; false unless set. For processes of one machine. A farm's nodes need a copy of
    /// one file: a node that made its own would resume nobody's sessions.
    /// </summary>
    public bool CreateKeyFile { get; set; }

    /// <summary>How often the key file is read again, so that rotated keys come into use without a restart. 1 second to 1 day.</summary>
    public TimeSpan KeyFileReloadInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Whether Kestrel's connections look ahead: they ask the store before the handshake begins, so that no thread waits inside it.
    /// True unless set. Read when an endpoint starts. See docs/kestrel.md.
    /// </summary>
    public bool LookAhead { get; set; } = true;

    /// <inheritdoc/>
    public override IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (ValidationResult problem in base.Validate(validationContext))
        {
            yield return problem;
        }

        if (KeyFile is not null && string.IsNullOrWhiteSpace(KeyFile))
        {
            yield return Problem(nameof(KeyFile), "must name a file, or be left out");
        }

        if (CreateKeyFile && KeyFile is null)
        {
            yield return Problem(nameof(CreateKeyFile), $"needs {nameof(KeyFile)}");
        }

        if (KeyFileReloadInterval < TimeSpan.FromSeconds(1) || KeyFileReloadInterval > TimeSpan.FromDays(1))
        {
            yield return Problem(
                nameof(KeyFileReloadInterval), $"is {KeyFileReloadInterval}, but must be from 00:00:01 to 1.00:00:00");
        }
    }

    private static ValidationResult Problem(string option, string problem) => new($"{option} {problem}.", [option]);
}
