namespace OpenSslSessionCb;

/// <summary>One entry of libcrypto's error queue.</summary>
/// <param name="Code">The packed code, as <c>ERR_get_error</c> returns it.</param>
/// <param name="Message">The text of <c>ERR_error_string_n</c>.</param>
/// <seealso href="https://docs.openssl.org/master/man3/ERR_get_error/"/>
public readonly record struct OpenSslError(ulong Code, string Message)
{
    /// <inheritdoc/>
    public override string ToString() => Message;
}
