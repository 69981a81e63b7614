using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Our ex_data slot on SSL_CTX, asked for once per process, and the states that hang in it.</summary>
internal static unsafe class ContextSlot
{
    // For the end of the process only. A state leaves when its context is freed.
    private static readonly ConcurrentDictionary<CallbackState, byte> s_states = new();

    /// <summary>Held while a state is hung on a context; attaching is rare.</summary>
    internal static Lock AttachGate { get; } = new();

    internal static int Index { get; } = Register();

    internal static void Remember(CallbackState state) => s_states.TryAdd(state, 0);

    private static int Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        nint free = EntryPoints.Guard(
            EntryPoint.FreeContext, (nint)(delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void>)&Free);
        int index = LibCrypto.CRYPTO_get_ex_new_index(
            LibCrypto.CRYPTO_EX_INDEX_SSL_CTX, default, null, null, null,
            (delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void>)free);

        // Index 0 belongs to SSL_CTX_set_app_data; libcrypto never hands it out.
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibCrypto.CRYPTO_get_ex_new_index));
        AppDomain.CurrentDomain.ProcessExit += static (_, _) => Disarm();
        return index;
    }

    /// <summary>
    /// libssl calls this for every SSL_CTX that is freed, ours or not, after the last callback (an SSL holds its
    /// contexts). The context can still be read, but must not be kept.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* parent, void* pointer, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (pointer is null)
        {
            return;
        }

        try
        {
            var handle = GCHandle.FromIntPtr((nint)pointer);
            var state = (CallbackState)handle.Target!;
            handle.Free();
            s_states.TryRemove(state, out _);
            state.ContextFreed();
        }
        catch (Exception exception)
        {
            UncaughtExceptions.Trace(exception);
        }
    }

    private static void Disarm()
    {
        // Called with the remove callback's arguments it reads one number and does nothing, and there is no .NET in it.
        nint inertRemove = OpenSslLibrary.GetExport("SSL_CTX_get_timeout");
        foreach (CallbackState state in s_states.Keys)
        {
            state.Disarm(inertRemove);
        }

        // Last: without our free function nobody would say that a context is gone. libcrypto puts one that does nothing in its place.
        _ = LibCrypto.CRYPTO_free_ex_index(LibCrypto.CRYPTO_EX_INDEX_SSL_CTX, Index);
    }
}
