using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Testing;

/// <summary>Signals, as Linux numbers them.</summary>
internal enum Signal
{
    Hangup = 1,
    Interrupt = 2,
    Kill = 9,
    User1 = 10,
    User2 = 12,
    Terminate = 15,
    Stop = 19,
}

internal static class Signals
{
    internal static void Send(this Signal signal, int processId) => Assert.That(kill(processId, (int)signal), Is.Zero);

    /// <summary>The same to a process that may be gone.</summary>
    internal static void TrySend(this Signal signal, int processId) => _ = kill(processId, (int)signal);

    [DllImport("libc")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int processId, int signal);
}
