using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Native;

/// <summary>The begin and the end of the runtime in a host's process: Guards/runtime_start.c.</summary>
internal static class RuntimeExports
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_lastPatience = TimeSpan.FromMilliseconds(50);

    /// <summary>The first call into .NET. 0: it may be called from now on.</summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_start", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Start()
    {
        try
        {
            // On a thread of the runtime's own. It would end the process, and that is the host's.
            ExceptionHandling.SetUnhandledExceptionHandler(static exception =>
            {
                NativeLog.Current?.Write(
                    NativeLog.Error, $"A thread of the session cache has failed: {exception.GetType().Name}: {exception.Message}");
                return true;
            });
            return 0;
        }
        catch (Exception)
        {
            return 1;
        }
    }

    /// <summary>
    /// The host has called exit. What is queued is written, for a moment: its last sessions are those that clients come back with
    /// after a reload.
    /// </summary>
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_end", CallConvs = [typeof(CallConvCdecl)])]
    internal static void End()
    {
        try
        {
            NativeCache.FlushAll(s_patience);
            LibCryptoUse.End(s_lastPatience);
        }
        catch (Exception)
        {
            // There is nobody left to tell.
        }
    }
}
