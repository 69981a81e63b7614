using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Native;

/// <summary>callbacks.c, linked into this library.</summary>
internal static unsafe class CallbackGuards
{
    private const string Library = "osscb_guards";
    private static readonly Lock s_gate = new();
    private static bool s_started;

    /// <summary>Before libssl is given any function of ours.</summary>
    internal static void Start()
    {
        lock (s_gate)
        {
            if (!s_started)
            {
                osscb_guards_start(OpenSslLibrary.GetExport("RAND_bytes"));
                EntryPoints.Guard = static (which, function) => osscb_guards_place((int)which, function);
                LibCryptoUse.EnterFunction = osscb_guards_enter_libcrypto();
                LibCryptoUse.LeaveFunction = osscb_guards_leave_libcrypto();
                s_started = true;
            }
        }
    }

    [DllImport(Library)]
    private static extern void osscb_guards_start(nint randBytes);

    [DllImport(Library)]
    private static extern delegate* unmanaged<void> osscb_guards_enter_libcrypto();

    [DllImport(Library)]
    private static extern delegate* unmanaged<void> osscb_guards_leave_libcrypto();

    [DllImport(Library)]
    private static extern nint osscb_guards_place(int which, nint function);
}
