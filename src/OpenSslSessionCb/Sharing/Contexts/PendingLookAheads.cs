using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// The lookups that handshakes wait for, each found by the number of its connection. libssl calls our free function
/// when the SSL goes, so that a connection given up in the middle leaves nothing behind.
/// </summary>
internal static unsafe class PendingLookAheads
{
    private static readonly ConnectionNumber s_number = ConnectionNumber.Register(&Freed);
    private static readonly ConcurrentDictionary<nint, Task> s_pending = new();
    private static long s_last;

    internal static int Count => s_pending.Count;

    internal static void Add(SSL* ssl, Task lookups)
    {
        nint number = (nint)Interlocked.Increment(ref s_last);
        s_pending[number] = lookups;
        try
        {
            s_number.Set(ssl, number);
        }
        catch
        {
            s_pending.TryRemove(number, out _);
            throw;
        }
    }

    internal static Task? Find(SSL* ssl) =>
        s_pending.TryGetValue(s_number.Of(ssl), out Task? lookups) ? lookups : null;

    internal static void Remove(SSL* ssl) => s_pending.TryRemove(s_number.Of(ssl), out _);

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
