using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>Sees to it that this library and .NET's SslStream use one image of libssl.</summary>
internal static class SslStreamLibSsl
{
    /// <summary>Lets .NET open its libssl if it has not yet: the search then finds that one, loaded.</summary>
    /// <exception cref="PlatformNotSupportedException">SslStream is not OpenSSL on this system.</exception>
    /// <exception cref="InvalidOperationException">This library is bound to another libssl.</exception>
    internal static void Share()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new PlatformNotSupportedException("SslStream does not use OpenSSL on this system, "
                + "so AttachToProcess would see none of its connections; attach to an SSL_CTX of your own instead.");
        }

        long theirs = SafeEvpPKeyHandle.OpenSslVersion;
        Version ours = OpenSslLibrary.Version;

        // 0xMNN00PP0L; from 3.0 on the patch stands where 1.1.1 has its fix.
        (long major, long minor) = (theirs >> 28, (theirs >> 20) & 0xff);
        if (major != ours.Major || minor != ours.Minor)
        {
            throw new InvalidOperationException(
                $"SslStream uses OpenSSL {major}.{minor}, but this process has bound OpenSSL {ours} at {OpenSslLibrary.Path}: "
                    + "call OpenSslLibrary.UseSslStreamLibrary before anything else of this library.");
        }
    }
}
