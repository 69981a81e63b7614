using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Native;

/// <summary>preload_settings of native/preload/contract.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct PreloadSettings
{
    internal nint Store;
    internal nint KeyFile;
    internal nint Farm;
    internal nint Program;
    internal int DeadlineMilliseconds;
    internal int LogLevel;
    internal int SharesWithoutCertificate;
    internal int ContextSlot;
    internal int ConnectionSlot;
    internal int* HasSeveralIdContexts;
    internal delegate* unmanaged[Cdecl]<int, byte*, void*, void> Log;
}
