using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Counts the <c>SSL_SESSION</c> objects of this process that are alive, whoever made them: for finding leaks.</summary>
/// <remarks>
/// Counted from <see cref="Start"/> on; what was made before never counts, nor does its end. Costs an atomic addition for each
/// session made and freed. Every member may be called from any thread.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/CRYPTO_get_ex_new_index/"/>
public static unsafe class LiveSessions
{
    // What New leaves on a session that it counted.
    private static readonly void* s_counted = (void*)1;
    private static readonly Lock s_gate = new();
    private static bool s_started;
    private static long s_count;

    /// <summary>How many are alive now, of those made since <see cref="Start"/>.</summary>
    public static long Count => Interlocked.Read(ref s_count);

    /// <summary>Begins to count. Calling it again does nothing.</summary>
    /// <exception cref="OpenSslException">libcrypto has no slot left.</exception>
    /// <exception cref="OpenSslNotSupportedException">No libssl, or one below 1.1.1.</exception>
    public static void Start()
    {
        lock (s_gate)
        {
            if (s_started)
            {
                return;
            }

            using ErrorMark mark = ErrorMark.Set();
            int index = LibSsl.SSL_SESSION_get_ex_new_index(default, null, &New, &Copy, &Free);
            OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_SESSION_get_ex_new_index));
            s_started = true;

            // Sessions may be freed by native code that outlives the runtime: libcrypto puts functions of its own that do nothing here.
            AppDomain.CurrentDomain.ProcessExit +=
                (_, _) => _ = LibCrypto.CRYPTO_free_ex_index(LibCrypto.CRYPTO_EX_INDEX_SSL_SESSION, index);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void New(void* session, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        // Uncounted rather than counted without a mark, which nothing would ever take off the count.
        if (LibCrypto.CRYPTO_set_ex_data(data, index, s_counted) != 0)
        {
            Interlocked.Increment(ref s_count);
        }
    }

    /// <summary>
    /// SSL_SESSION_dup makes the copy, which New marks, and then copies the original's value over it. An original from
    /// before Start has no mark: the copy keeps its own.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Copy(CRYPTO_EX_DATA* to, CRYPTO_EX_DATA* from, void** value, int index, CLong number, void* argument)
    {
        *value = LibCrypto.CRYPTO_get_ex_data(to, index);
        return 1;
    }

    /// <summary>Also called for sessions from before Start, then with no value.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* session, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (value == s_counted)
        {
            Interlocked.Decrement(ref s_count);
        }
    }
}
