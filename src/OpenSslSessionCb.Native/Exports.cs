using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace OpenSslSessionCb.Native;

/// <summary>
/// What is behind the functions of native/include/openssl_session_cb.h, which are in Guards/exports.c. Nothing escapes: what goes
/// wrong is a status and a sentence.
/// </summary>
internal static unsafe class Exports
{
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_open", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Open(byte* store, byte* keyFile, byte* farm, int deadlineMilliseconds, nint* cache) => (int)Call.Run(
        (store: (nint)store, keyFile: (nint)keyFile, farm: (nint)farm, deadlineMilliseconds, cache: (nint)cache),
        static call =>
        {
            Require(call.store != 0, "The store is null.");
            Require(call.cache != 0, "The pointer that is to receive the cache is null.");
            NativeCache opened = NativeCache.Open(
                Text(call.store)!, Text(call.keyFile), Text(call.farm), call.deadlineMilliseconds, NativeLog.Current,
                sharesWithoutCertificate: false, SettingNames.OfArguments);
            *(nint*)call.cache = opened.Register();
        });

    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_attach", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Attach(nint cache, nint sslCtx) => (int)Call.Run((cache, sslCtx), static call =>
    {
        Require(call.sslCtx != 0, "The SSL_CTX pointer is null.");
        NativeCache.Find(call.cache).Attach(call.sslCtx);
    });

    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_detach", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Detach(nint cache, nint sslCtx) =>
        (int)Call.Run((cache, sslCtx), static call => NativeCache.Find(call.cache).Detach(call.sslCtx));

    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_get_statistics", CallConvs = [typeof(CallConvCdecl)])]
    internal static int GetStatistics(nint cache, byte* statistics) => (int)Call.Run((cache, statistics: (nint)statistics), static call =>
    {
        Require(call.statistics != 0, "The pointer to the statistics is null.");
        NativeStatistics.Fill(NativeCache.Find(call.cache).Sessions.Statistics, (byte*)call.statistics);
    });

    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "C has no await. osscb_close waits for the last writes, 5 seconds at most, as the header says.")]
    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_close", CallConvs = [typeof(CallConvCdecl)])]
    internal static int Close(nint cache) =>
        (int)Call.Run(cache, static cache => NativeCache.Take(cache).DisposeAsync().AsTask().GetAwaiter().GetResult());

    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_set_log", CallConvs = [typeof(CallConvCdecl)])]
    internal static int SetLog(delegate* unmanaged[Cdecl]<int, byte*, void*, void> function, void* argument, int level) =>
        (int)Call.Run((function: (nint)function, argument: (nint)argument, level), static call =>
        {
            Require(call.level is >= NativeLog.Error and <= NativeLog.Information, $"The log level {call.level} is none of 1, 2 and 3.");
            NativeLog.Current = call.function == 0 ? null : new NativeLog(call.function, call.argument, call.level);
        });

    [UnmanagedCallersOnly(EntryPoint = "osscb_managed_last_error", CallConvs = [typeof(CallConvCdecl)])]
    internal static byte* GetLastError() => LastError.Text;

    private static void Require(bool condition, string sentence)
    {
        if (!condition)
        {
            throw new NativeCallException(Status.Argument, sentence);
        }
    }

    internal static string? Text(nint text) =>
        text == 0 ? null : Encoding.UTF8.GetString(MemoryMarshal.CreateReadOnlySpanFromNullTerminated((byte*)text));
}
