using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// A shell starts what goes on in the background with SIGINT and SIGQUIT ignored, nohup adds SIGHUP, and children inherit that: a server
/// could not be stopped with Ctrl+C. The tests are the same however they were started.
/// </summary>
internal static partial class InheritedSignals
{
    private const int SIGHUP = 1;
    private const int SIGINT = 2;
    private const int SIGQUIT = 3;
    private const nint SIG_DFL = 0;
    private const nint SIG_IGN = 1;

    internal static void TakeAsAShellWould()
    {
        foreach (int number in (int[])[SIGHUP, SIGINT, SIGQUIT])
        {
            nint before = signal(number, SIG_DFL);
            if (before != SIG_IGN)
            {
                _ = signal(number, before);
            }
        }
    }

    [LibraryImport("libc")]
    private static partial nint signal(int number, nint handler);
}
