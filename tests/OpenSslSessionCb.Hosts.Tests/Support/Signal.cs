using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>Signals, as Linux numbers them.</summary>
internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    User1 = 10,
    User2 = 12,
    Terminate = 15,
}

internal static class Signals
{
    internal static void Send(this Signal signal, int processId) => Assert.That(kill(processId, (int)signal), Is.Zero);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
}
