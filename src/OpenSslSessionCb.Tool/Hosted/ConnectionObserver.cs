using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>
/// Finds the SSL of a connection that .NET makes. libssl tells of each when it is made and when it is freed (an ex_data
/// slot's functions), and calls on the thread that makes it, where the async flow that wanted it is the current one.
/// </summary>
internal static unsafe class ConnectionObserver
{
    private static readonly AsyncLocal<ObservedConnection?> s_expected = new();

    /// <summary>Once, before the first connection.</summary>
    internal static void Start()
    {
        if (LibSsl.SSL_get_ex_new_index(default, null, &Made, null, &Freed) < 0)
        {
            throw new ToolException("libssl gave no slot in which to find connections.");
        }
    }

    /// <summary>The connection that this flow of control makes next.</summary>
    internal static ObservedConnection Expect() => s_expected.Value = new ObservedConnection();

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Made(void* ssl, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (s_expected.Value is { } expected && expected.TryMake((nint)ssl))
        {
            GCHandle handle = GCHandle.Alloc(expected);
            if (LibCrypto.CRYPTO_set_ex_data(data, index, (void*)GCHandle.ToIntPtr(handle)) != 1)
            {
                // Nobody would tell of its end.
                expected.Freed();
                handle.Free();
            }
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Freed(void* ssl, void* value, CRYPTO_EX_DATA* data, int index, CLong number, void* argument)
    {
        if (value is not null)
        {
            GCHandle handle = GCHandle.FromIntPtr((nint)value);
            ((ObservedConnection)handle.Target!).Freed();
            handle.Free();
        }
    }
}
