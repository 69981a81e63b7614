using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The lookups that handshakes wait for, each found by a number in our ex_data slot on its SSL. libssl calls the slot's free function
/// when the SSL goes, so that a connection given up in the middle leaves nothing behind.
/// </summary>
internal static unsafe class PendingLookAheads
{
    private static readonly int s_index = Register();
    private static readonly ConcurrentDictionary<nint, Task> s_pending = new();
    private static long s_last;

    internal static int Count => s_pending.Count;

    internal static void Add(SSL* ssl, Task lookups)
    {
        nint number = (nint)Interlocked.Increment(ref s_last);
        s_pending[number] = lookups;
        using ErrorMark mark = ErrorMark.Set();
        if (LibSsl.SSL_set_ex_data(ssl, s_index, (void*)number) != 1)
        {
            s_pending.TryRemove(number, out _);
            OpenSslException.ThrowIfFailed(0, mark);
        }
    }

    internal static Task? Find(SSL* ssl) =>
        s_pending.TryGetValue((nint)LibSsl.SSL_get_ex_data(ssl, s_index), out Task? lookups) ? lookups : null;

    internal static void Remove(SSL* ssl) => s_pending.TryRemove((nint)LibSsl.SSL_get_ex_data(ssl, s_index), out _);

    private static int Register()
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibSsl.SSL_get_ex_new_index(default, null, null, null, &Freed);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_get_ex_new_index));

        // libssl may free connections until the very end of the process, when managed code cannot run any more.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = LibCrypto.CRYPTO_free_ex_index(LibCrypto.CRYPTO_EX_INDEX_SSL, index);
        return index;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Freed(void* ssl, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (value is null)
        {
            return;
        }

        try
        {
            s_pending.TryRemove((nint)value, out _);
        }
        catch (Exception exception)
        {
            SessionTrampolines.Uncaught(exception);
        }
    }
}
