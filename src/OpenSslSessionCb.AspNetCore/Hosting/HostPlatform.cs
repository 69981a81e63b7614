namespace OpenSslSessionCb;

/// <summary>What kind of system the host runs on.</summary>
/// <param name="UsesOpenSsl">Whether SslStream is OpenSSL here.</param>
internal sealed record HostPlatform(bool UsesOpenSsl)
{
    internal static HostPlatform Current { get; } = new(OperatingSystem.IsLinux());
}
