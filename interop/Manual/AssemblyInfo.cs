using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

// Every signature is blittable, so nothing is marshalled, and NativeAOT needs no stub.
[assembly: DisableRuntimeMarshalling]

// libssl and libcrypto come from LibraryResolver; what else is imported belongs to the system.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
