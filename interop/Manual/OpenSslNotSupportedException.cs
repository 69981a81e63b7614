namespace OpenSslSessionCb;

/// <summary>
/// No OpenSSL that this library supports was found; the message is one sentence that says what was, where, and what to do.
/// </summary>
public sealed class OpenSslNotSupportedException : Exception
{
    public OpenSslNotSupportedException()
        : base("No supported OpenSSL was found.")
    {
    }

    public OpenSslNotSupportedException(string message)
        : base(message)
    {
    }

    public OpenSslNotSupportedException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
