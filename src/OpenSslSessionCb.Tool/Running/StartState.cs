using System.Runtime.InteropServices;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>
/// Which signals were ignored and blocked when this process began. .NET ignores SIGPIPE since, and what is ignored stays so in the
/// program that is executed.
/// </summary>
internal static unsafe partial class StartState
{
    private const int BrokenPipe = 13;
    private const int MostSignals = 64;
    private const int SetMask = 2;
    private const nint Default = 0;
    private const nint Ignore = 1;

    // sigset_t of glibc: 1024 bits.
    private const int MaskLength = 16;

    /// <summary>To be followed by execve at once. Handlers need no putting back: they end with the program that they are in.</summary>
    internal static void PutBack()
    {
        ulong ignoredNow = ProcessRights.Read().IgnoredSignals;
        (ulong ignored, ulong blocked) = Find(ignoredNow);
        for (int signal = 1; signal <= MostSignals; signal++)
        {
            ulong bit = 1UL << (signal - 1);
            if ((ignored & bit) != 0 || (ignoredNow & bit) != 0)
            {
                SetAction(signal, (ignored & bit) != 0 ? Ignore : Default);
            }
        }

        Span<ulong> mask = stackalloc ulong[MaskLength];
        mask.Clear();
        mask[0] = blocked;
        _ = SetThreadMask(SetMask, mask, null);
    }

    private static (ulong Ignored, ulong Blocked) Find(ulong ignoredNow)
    {
        try
        {
            ulong ignored, blocked;
            ReadNoted(&ignored, &blocked);
            return (ignored, blocked);
        }
        catch (DllNotFoundException)
        {
            // Run by dotnet, which is there before anything of ours: what SIGPIPE was is not to be known any more, nor what
            // dotnet has raised the limit of open files from.
            return (ignoredNow & ~(1UL << (BrokenPipe - 1)), ProcessRights.Read().BlockedSignals);
        }
    }

    // start_state.c, which the program has inside that is compiled ahead of time.
    [LibraryImport("osscb_start_state", EntryPoint = "osscb_start_state")]
    private static partial void ReadNoted(ulong* ignored, ulong* blocked);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint SetAction(int signal, nint action);

    [LibraryImport("libc", EntryPoint = "pthread_sigmask")]
    private static partial int SetThreadMask(int how, Span<ulong> mask, ulong* before);
}
