using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// The processes that tests have started, and those that these have started in turn. Each knows by its environment whose it is, unless
/// it has written over that, as nginx does: then only its parents tell.
/// </summary>
internal static class StartedProcesses
{
    /// <summary>The variable that names the test or fixture, and how many it had started before.</summary>
    private const string Owner = "SESSCB_TEST";

    /// <summary>ETXTBSY</summary>
    private const int TextFileBusy = 26;

    /// <summary>How long a process that is about to end may take.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private static readonly ConditionalWeakTable<Process, string> s_marks = [];
    private static int s_started;

    /// <summary>Starts a process that belongs to the test that runs now.</summary>
    internal static Process Start(ProcessStartInfo start)
    {
        string mark = string.Create(
            CultureInfo.InvariantCulture, $"{Owner}={TestContext.CurrentContext.Test.ID}/{Interlocked.Increment(ref s_started)}");
        start.Environment[Owner] = mark[(Owner.Length + 1)..];
        Process process = StartUnlessBusy(start);
        s_marks.Add(process, mark);
        return process;
    }

    /// <summary>
    /// A program that a test has just written may still be open for writing: in a child of another test's that has been forked and has
    /// not become its program yet.
    /// </summary>
    private static Process StartUnlessBusy(ProcessStartInfo start)
    {
        for (var clock = Stopwatch.StartNew(); ;)
        {
            try
            {
                return Process.Start(start)!;
            }
            catch (Win32Exception exception) when (exception.NativeErrorCode == TextFileBusy && clock.Elapsed < s_patience)
            {
                Thread.Yield();
            }
        }
    }

    /// <summary>Ends a process, with all that came of it, those whose parents are gone among them.</summary>
    internal static void Kill(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }

        if (OperatingSystem.IsLinux() && s_marks.TryGetValue(process, out string? mark))
        {
            Kill(variable => variable == mark);
        }
    }

    /// <summary>Ends what is left of one test or fixture, once it had its time to end by itself.</summary>
    /// <param name="test">Its id.</param>
    /// <param name="patience">That time.</param>
    /// <returns>What it was, for people; empty when nothing was left.</returns>
    internal static IReadOnlyList<string> EndThoseOf(string test, TimeSpan? patience = null) =>
        End(variable => variable?.StartsWith($"{Owner}={test}/", StringComparison.Ordinal) == true, patience ?? s_patience);

    /// <summary>Ends whatever this process has started.</summary>
    /// <inheritdoc cref="EndThoseOf" path="/returns"/>
    internal static IReadOnlyList<string> EndAll() => End(static _ => true, s_patience);

    private static List<string> End(Func<string?, bool> isMeant, TimeSpan patience)
    {
        // Those that were told to end a moment ago are on their way out.
        Wait(() => Running(isMeant).Length == 0, patience);
        return Kill(isMeant);
    }

    private static List<string> Kill(Func<string?, bool> isMeant)
    {
        var killed = new List<string>();
        for (int[] left = Running(isMeant); left.Length > 0; left = Running(isMeant))
        {
            foreach (int process in left)
            {
                killed.Add(string.Create(CultureInfo.InvariantCulture, $"{process} {ProcessTree.CommandOf(process)}"));
                Signals.TrySend(Signal.Kill, process);
            }

            Wait(() => !left.Any(ProcessTree.IsRunning), s_patience);
        }

        return killed;
    }

    /// <summary>Not SpinWait's: to look at processes costs more than it saves to see an end a moment earlier.</summary>
    private static void Wait(Func<bool> isSo, TimeSpan patience)
    {
        for (var clock = Stopwatch.StartNew(); !isSo() && clock.Elapsed < patience;)
        {
            Thread.Sleep(5);
        }
    }

    private static int[] Running(Func<string?, bool> isMeant)
    {
        // A second look, where there was nobody: one may have been left out of the first.
        int[] running = LookFor(isMeant);
        return running.Length > 0 ? running : LookFor(isMeant);
    }

    private static int[] LookFor(Func<string?, bool> isMeant) =>
    [
        .. ProcessTree.DescendantsOf(Environment.ProcessId)
            .Where(ProcessTree.IsRunning)
            .Where(process => isMeant(ProcessTree.VariableOf(process, Owner))),
    ];
}
