using System.ComponentModel;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// Makes this process the parent of all processes below it whose own parent ends. Without that they are given to init: a worker whose
/// master was killed would be nobody's, and could outlive the tests.
/// </summary>
internal static partial class Subreaper
{
    private const int PR_SET_CHILD_SUBREAPER = 36;

    internal static void Become()
    {
        if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0)
        {
            throw new Win32Exception();
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int prctl(int option, nuint argument2, nuint argument3, nuint argument4, nuint argument5);
}
