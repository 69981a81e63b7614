using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The OpenSSL that this process uses, found at run time: the one that is loaded already, else the newest supported.</summary>
/// <remarks>
/// Bound once, at the first call of any member or import, and never unloaded. Every member may be called from any thread.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/OpenSSL_version/"/>
public static class OpenSslLibrary
{
    /// <summary>The oldest version that is bound.</summary>
    public static Version OldestSupportedVersion { get; } = new(1, 1, 1);

    /// <summary>The version, 3.0.19 for instance. The letter of a 1.1.1 is the fourth part: 1.1.1w is 1.1.1.23.</summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static Version Version => LibraryResolver.Bound.Version;

    /// <summary>What the library says of itself, <c>OpenSSL 3.0.19 27 Jan 2026</c> for instance.</summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static string VersionText => LibraryResolver.Bound.VersionText;

    /// <summary>The file that libssl was loaded from, or its name where the system does not say more.</summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static string Path => LibraryResolver.Bound.Path;

    /// <summary>Binds the libssl of this path or name, and the libcrypto beside it. To be called before anything else.</summary>
    /// <exception cref="InvalidOperationException">Another one is bound already.</exception>
    /// <exception cref="OpenSslNotSupportedException">It cannot be opened, or is not supported.</exception>
    public static void Use(string libsslPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(libsslPath);
        LibraryResolver.Use(libsslPath);
    }

    /// <summary>
    /// Binds these handles, from dlopen, LoadLibrary or NativeLibrary. They must stay open for the life of the process.
    /// </summary>
    /// <exception cref="InvalidOperationException">Another one is bound already.</exception>
    /// <exception cref="OpenSslNotSupportedException">They are not libssl and libcrypto, or not supported.</exception>
    public static void Use(nint libssl, nint libcrypto)
    {
        ArgumentOutOfRangeException.ThrowIfZero(libssl);
        ArgumentOutOfRangeException.ThrowIfZero(libcrypto);
        LibraryResolver.Use(libssl, libcrypto);
    }

    /// <summary>
    /// Binds the libssl that .NET's SslStream uses, which .NET opens now if it has not yet. For a process whose SslStream
    /// connections shall be seen, on a machine that may have several: to be called before anything else. Where SslStream is not
    /// OpenSSL, binds as any other call does.
    /// </summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static void UseSslStreamLibrary()
    {
        if (OperatingSystem.IsLinux())
        {
            // Asking for it is what makes .NET open its libssl; the search then finds that one, loaded.
            _ = SafeEvpPKeyHandle.OpenSslVersion;
        }

        _ = LibraryResolver.Bound;
    }

    /// <summary>Binds one now. Never throws: when it answers false, <paramref name="problem"/> is the sentence to show.</summary>
    public static bool TryLoad([NotNullWhen(false)] out string? problem) => LibraryResolver.TryBind(out _, out problem);

    /// <summary>Whether libssl or libcrypto exports <paramref name="symbol"/>.</summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static bool Supports(string symbol)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        return LibraryResolver.Bound.Exports(symbol);
    }

    /// <summary>The address of a function that libssl or libcrypto exports.</summary>
    /// <exception cref="EntryPointNotFoundException">This version does not export it.</exception>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    public static nint GetExport(string symbol)
    {
        ArgumentException.ThrowIfNullOrEmpty(symbol);
        return LibraryResolver.Bound.GetExport(symbol);
    }

    /// <summary>Whether this version has <paramref name="feature"/>.</summary>
    /// <exception cref="OpenSslNotSupportedException">There is none, or none that is supported.</exception>
    internal static bool Supports(OpenSslFeature feature) => feature switch
    {
        OpenSslFeature.SessionTimeEx => Supports("SSL_SESSION_get_time_ex"),
        OpenSslFeature.FlushSessionsEx => Supports("SSL_CTX_flush_sessions_ex"),
        OpenSslFeature.NewSessionTicket => Supports("SSL_new_session_ticket"),
        OpenSslFeature.GetOnePeerCertificate => Supports("SSL_get1_peer_certificate"),
        OpenSslFeature.CacheUpdateTime or
        OpenSslFeature.IgnoreUnexpectedEof or
        OpenSslFeature.NoExtendedMasterSecret => Version.Major >= 3,
        _ => throw new ArgumentOutOfRangeException(nameof(feature), feature, null),
    };
}
