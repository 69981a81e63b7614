using System.Runtime.InteropServices;
using System.Text;

namespace OpenSslSessionCb.Interop;

/// <summary>
/// What <see cref="NativeLibrary"/> cannot do: find an image only if it is loaded already, and say where an image came from.
/// </summary>
internal static unsafe class DynamicLoader
{
    /// <summary>Finds an image of this process by name and keeps it loaded; loads nothing.</summary>
    internal static bool TryFindLoaded(string name, out nint handle) =>
        OperatingSystem.IsWindows() ? TryPinModule(name, out handle) : TryOpenLoaded(name, out handle);

    /// <summary>The file of the image that holds <paramref name="address"/>, or null where the system does not say.</summary>
    internal static string? PathOf(nint address) =>
        OperatingSystem.IsWindows() ? ModulePathOf(address) : SharedObjectPathOf(address);

    private static bool TryOpenLoaded(string name, out nint handle)
    {
        const int Lazy = 0x1;
        int noLoad = OperatingSystem.IsMacOS() || OperatingSystem.IsIOS() ? 0x10 : OperatingSystem.IsFreeBSD() ? 0x2000 : 0x4;
        handle = 0;

        // Taken from the program's own scope: whether dlopen is in libc or in libdl differs between systems.
        if (NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dlopen", out nint dlopen))
        {
            fixed (byte* file = Encoding.UTF8.GetBytes(name + '\0'))
            {
                handle = ((delegate* unmanaged[Cdecl]<byte*, int, nint>)dlopen)(file, Lazy | noLoad);
            }
        }

        return handle != 0;
    }

    private static string? SharedObjectPathOf(nint address)
    {
        if (!NativeLibrary.TryGetExport(NativeLibrary.GetMainProgramHandle(), "dladdr", out nint dladdr))
        {
            return null;
        }

        DlInfo info;
        return ((delegate* unmanaged[Cdecl]<nint, DlInfo*, int>)dladdr)(address, &info) != 0
            ? Marshal.PtrToStringUTF8((nint)info.FileName)
            : null;
    }

    private static bool TryPinModule(string name, out nint handle)
    {
        const uint Pin = 0x1;
        fixed (char* file = name)
        {
            nint module;
            bool found = GetModuleHandleExW(Pin, file, &module) != 0;
            handle = found ? module : 0;
            return found;
        }
    }

    private static string? ModulePathOf(nint address)
    {
        const uint UnchangedReferenceCount = 0x2;
        const uint FromAddress = 0x4;
        nint module;
        if (GetModuleHandleExW(FromAddress | UnchangedReferenceCount, (char*)address, &module) == 0)
        {
            return null;
        }

        const int LongestPath = 32767;
        char[] path = new char[LongestPath];
        fixed (char* buffer = path)
        {
            uint length = GetModuleFileNameW(module, buffer, LongestPath);
            return length == 0 ? null : new string(buffer, 0, (int)length);
        }
    }

    [DllImport("kernel32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern int GetModuleHandleExW(uint flags, char* name, nint* module);

    [DllImport("kernel32", ExactSpelling = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    private static extern uint GetModuleFileNameW(nint module, char* path, uint size);

    private struct DlInfo
    {
        public byte* FileName;
        public void* Base;
        public byte* SymbolName;
        public void* SymbolAddress;
    }
}
