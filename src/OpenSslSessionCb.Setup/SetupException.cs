namespace OpenSslSessionCb.Setup;

/// <summary>A setting is wrong. The message is one sentence that names it, without a password, and says what to do.</summary>
internal sealed class SetupException(string message, bool isAboutKeys = false) : Exception(message)
{
    /// <summary>A key file is missing, and not something else.</summary>
    internal bool IsAboutKeys { get; } = isAboutKeys;
}
