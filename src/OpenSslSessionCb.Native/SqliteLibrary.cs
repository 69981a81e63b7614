using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Native;

/// <summary>SQLite lies beside this library. .NET would look beside the host's program.</summary>
internal static unsafe class SqliteLibrary
{
    // RTLD_NOW and RTLD_GLOBAL of dlfcn.h, on Linux.
    private const int Now = 2;
    private const int Global = 0x100;

    private static bool s_resolves;

    /// <summary>Before SQLite is used.</summary>
    internal static void Resolve()
    {
        if (!Interlocked.Exchange(ref s_resolves, true))
        {
            NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Find);
        }
    }

    private static nint Find(string name, Assembly assembly, DllImportSearchPath? path)
    {
        // SQLite needs libm and does not say so: it is found only if it is in the global scope, where a host of ours need not have it.
        fixed (byte* math = "libm.so.6"u8)
        {
            _ = dlopen(math, Now | Global);
        }

        return Folder() is { } folder && NativeLibrary.TryLoad(Path.Combine(folder, $"lib{name}.so"), out nint library) ? library : 0;
    }

    private static string? Folder()
    {
        ImageName found;
        delegate* unmanaged[Cdecl]<nint, nint, int> own = &Exports.Attach;
        return dladdr(own, &found) != 0 ? Path.GetDirectoryName(Marshal.PtrToStringUTF8(found.FileName)) : null;
    }

    [DllImport("libc")]
    private static extern void* dlopen(byte* name, int flags);

    [DllImport("libc")]
    private static extern int dladdr(void* address, ImageName* name);

    /// <summary>Dl_info of dlfcn.h.</summary>
    private struct ImageName
    {
        internal nint FileName;
        internal nint Base;
        internal nint SymbolName;
        internal nint Symbol;
    }
}
