using System.Runtime.InteropServices;

namespace OpenSslSessionCb;

/// <summary>
/// Tells SslStream's verify callback from a host's: it says yes to everybody, because .NET judges after the handshake. Where it is
/// not recognised (compiled ahead of time, it is part of the program) OpenSSL is asked for nothing, and no worse.
/// </summary>
internal static unsafe class DotNetVerification
{
    private const string Library = "libSystem.Security.Cryptography.Native.OpenSsl";

    private static readonly nint s_dladdr = FindFunction();

    internal static bool HasCallback(nint callback)
    {
        SymbolInfo info;
        return callback != 0 && s_dladdr != 0
            && ((delegate* unmanaged<nint, SymbolInfo*, int>)s_dladdr)(callback, &info) != 0
            && Path.GetFileName(Marshal.PtrToStringUTF8(info.FileName) ?? "").StartsWith(Library, StringComparison.Ordinal);
    }

    private static nint FindFunction()
    {
        if (OperatingSystem.IsWindows())
        {
            return 0;
        }

        return NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dladdr", out nint function) ? function : 0;
    }

    // Dl_info.
    private struct SymbolInfo
    {
        internal nint FileName;
        internal nint FileBase;
        internal nint SymbolName;
        internal nint SymbolAddress;
    }
}
