namespace OpenSslSessionCb;

/// <summary>
/// A key ring's file is refused. The message is one sentence that names the file and says what to do; it holds no secret.
/// </summary>
public sealed class SessionKeyRingException : Exception
{
    internal SessionKeyRingException(string path, string problem, Exception? innerException = null)
        : base($"The key ring {path} {problem}.", innerException) => Path = path;

    /// <summary>The file, as it was given.</summary>
    public string Path { get; }
}
