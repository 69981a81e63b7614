namespace OpenSslSessionCb.Tool.Choices;

/// <summary>What speaks TLS in serve.</summary>
internal enum TlsStack
{
    OpenSsl,
    SslStream,
    Kestrel,
}

/// <summary>Reads --stack, and sees to the libssl that it needs.</summary>
internal static class TlsStacks
{
    internal static TlsStack Parse(string text) => text switch
    {
        "openssl" => TlsStack.OpenSsl,
        "sslstream" => TlsStack.SslStream,
        "kestrel" => TlsStack.Kestrel,
        _ => throw ToolException.ForUsage($"--stack {text} is not a stack: give openssl, sslstream or kestrel."),
    };

    /// <summary>Before anything else does: .NET's stacks come with .NET's choice, which is then the one that is loaded.</summary>
    internal static void BindLibSsl(TlsStack stack, string? given)
    {
        if (stack == TlsStack.OpenSsl)
        {
            LibSslOption.Bind(given);
            return;
        }

        if (given is not null)
        {
            throw ToolException.ForUsage(
                "--libssl goes with --stack openssl only: .NET chooses its own, and CLR_OPENSSL_VERSION_OVERRIDE tells it which.");
        }

        if (!OperatingSystem.IsLinux())
        {
            throw new ToolException(".NET's stacks do not use OpenSSL on this system: give --stack openssl.");
        }

        OpenSslLibrary.UseSslStreamLibrary();
    }
}
