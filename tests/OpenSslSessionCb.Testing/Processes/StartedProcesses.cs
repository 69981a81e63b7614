using System.Collections.Concurrent;
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
    private static readonly ConcurrentDictionary<string, bool> s_starters = new();
    private static readonly HashSet<int> s_uncollected = [];
    private static int s_started;

    /// <summary>Whether a test or fixture has started any.</summary>
    internal static bool HasStarted(string test) => s_starters.ContainsKey(test);

    /// <summary>Starts a process that belongs to the test that runs now.</summary>
    internal static Process Start(ProcessStartInfo start)
    {
        string test = TestContext.CurrentContext.Test.ID;
        s_starters[test] = true;
        string mark = string.Create(CultureInfo.InvariantCulture, $"{Owner}={test}/{Interlocked.Increment(ref s_started)}");
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
            KillTree(process);
            process.WaitForExit();
        }

        if (OperatingSystem.IsLinux() && s_marks.TryGetValue(process, out string? mark))
        {
            Kill(variable => variable == mark);
        }
    }

    /// <summary>
    /// As Kill(entireProcessTree: true), which looks at each thread of each process of the machine, once for each process of the tree.
    /// </summary>
    private static void KillTree(Process process)
    {
        if (!OperatingSystem.IsLinux())
        {
            process.Kill(entireProcessTree: true);
            return;
        }

        // Stopped, a process starts no more of them: its children are all that there are when they are looked for.
        var tree = new List<int> { process.Id };
        for (int i = 0; i < tree.Count; i++)
        {
            Signals.TrySend(Signal.Stop, tree[i]);
            tree.AddRange(ProcessTree.ChildrenOf(tree[i]));
        }

        tree.ForEach(static each => Signals.TrySend(Signal.Kill, each));
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

    private static int[] LookFor(Func<string?, bool> isMeant)
    {
        var found = new List<int>();
        foreach (int child in LivingChildren())
        {
            string? mark = ProcessTree.VariableOf(child, Owner);
            bool isMeantItself = isMeant(mark);
            if (isMeantItself)
            {
                found.Add(child);
            }

            // Below what another test has started is nothing but that test's.
            if (mark is null || isMeantItself)
            {
                found.AddRange(ProcessTree.DescendantsOf(child)
                    .Where(ProcessTree.IsRunning)
                    .Where(process => isMeant(ProcessTree.VariableOf(process, Owner))));
            }
        }

        return [.. found];
    }

    /// <summary>
    /// Without those that have ended: workers whose master was killed become this process's, and .NET does not ask how they ended. There
    /// come to be hundreds of them, so each is looked at once.
    /// </summary>
    private static List<int> LivingChildren()
    {
        IReadOnlyList<int> children = ProcessTree.ChildrenOf(Environment.ProcessId);
        lock (s_uncollected)
        {
            s_uncollected.IntersectWith(children);
            s_uncollected.UnionWith(children.Where(static child => !s_uncollected.Contains(child) && ProcessTree.IsUncollected(child)));
            return [.. children.Where(static child => !s_uncollected.Contains(child))];
        }
    }
}
