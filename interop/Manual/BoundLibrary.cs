using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

/// <summary>A libssl and the libcrypto it uses, checked to be an OpenSSL that these bindings fit.</summary>
internal sealed unsafe class BoundLibrary
{
    private const uint OldestSupported = 0x1010_1000;

    // Told apart by an export, not by the handle: dlopen gives one image several handles.
    private readonly nint _identity;

    private BoundLibrary(nint libssl, nint libcrypto, nint identity, Version version, string versionText, string path)
    {
        Ssl = libssl;
        Crypto = libcrypto;
        _identity = identity;
        Version = version;
        VersionText = versionText;
        Path = path;
    }

    internal nint Ssl { get; }

    internal nint Crypto { get; }

    internal Version Version { get; }

    internal string VersionText { get; }

    internal string Path { get; }

    internal bool IsSameImage(BoundLibrary other) => _identity == other._identity;

    internal bool Exports(string symbol) => TryGetExport(symbol, out _);

    internal nint GetExport(string symbol) => TryGetExport(symbol, out nint address)
        ? address
        : throw new EntryPointNotFoundException($"{VersionText} does not export {symbol}.");

    private bool TryGetExport(string symbol, out nint address) =>
        NativeLibrary.TryGetExport(Ssl, symbol, out address) || NativeLibrary.TryGetExport(Crypto, symbol, out address);

    /// <summary>Checks a pair of handles. On failure <paramref name="problem"/> says what they are instead.</summary>
    internal static bool TryCreate(
        nint libssl,
        nint libcrypto,
        string name,
        [NotNullWhen(true)] out BoundLibrary? library,
        [NotNullWhen(false)] out string? problem)
    {
        library = null;
        if (!NativeLibrary.TryGetExport(libssl, "SSL_CTX_new", out nint identity))
        {
            problem = $"{name} is not libssl: it does not export SSL_CTX_new";
            return false;
        }

        string path = DynamicLoader.PathOf(identity) ?? name;
        if (!NativeLibrary.TryGetExport(libcrypto, "OpenSSL_version_num", out nint versionNumber) ||
            !NativeLibrary.TryGetExport(libcrypto, "OpenSSL_version", out nint versionText))
        {
            problem = NativeLibrary.TryGetExport(libcrypto, "SSLeay", out _)
                ? $"{path} is an OpenSSL older than 1.1.0"
                : $"{path} comes without its libcrypto";
            return false;
        }

        nuint number = ((delegate* unmanaged[Cdecl]<CULong>)versionNumber)().Value;
        string text = Marshal.PtrToStringUTF8((nint)((delegate* unmanaged[Cdecl]<int, byte*>)versionText)(0)) ?? "";
        if (IsFork(text) || number == 0x2000_0000)
        {
            problem = $"{path} is {text}, which is not OpenSSL";
            return false;
        }

        if (number < OldestSupported || !NativeLibrary.TryGetExport(libssl, "SSL_CTX_set_client_hello_cb", out _))
        {
            problem = $"{path} is {text}";
            return false;
        }

        library = new BoundLibrary(libssl, libcrypto, identity, ToVersion(number), text, path);
        problem = null;
        return true;
    }

    /// <summary>0xMNNFFPPS in 1.1.1, whose letter becomes the fourth part (1.1.1w is 1.1.1.23), and 0xMNN00PPS from 3.0.</summary>
    private static Version ToVersion(nuint number)
    {
        int major = (int)(number >> 28) & 0xF;
        int minor = (int)(number >> 20) & 0xFF;
        int patch = (int)(number >> 4) & 0xFF;
        return major < 3 ? new Version(major, minor, (int)(number >> 12) & 0xFF, patch) : new Version(major, minor, patch);
    }

    private static bool IsFork(string versionText) =>
        versionText.Contains("LibreSSL", StringComparison.OrdinalIgnoreCase) ||
        versionText.Contains("BoringSSL", StringComparison.OrdinalIgnoreCase) ||
        versionText.Contains("AWS-LC", StringComparison.OrdinalIgnoreCase);
}
