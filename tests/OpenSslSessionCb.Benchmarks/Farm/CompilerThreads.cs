using System.Globalization;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What the JIT's own threads of a process have used: in the first seconds more than all its work.</summary>
internal static class CompilerThreads
{
    // The kernel cuts ".NET Tiered Compilation Worker" after 15 bytes.
    private const string Name = "(.NET Tiered Com)";
    private const int TicksPerSecond = 100;

    /// <summary>User and system time of those that live: they end when they have had nothing to do for a while.</summary>
    internal static TimeSpan CpuOf(int process)
    {
        long ticks = 0;
        foreach (string task in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                string line = File.ReadAllText(Path.Combine(task, "stat"));
                if (line.Contains(Name, StringComparison.Ordinal))
                {
                    // proc_pid_stat(5): utime and stime are the 14th and 15th field; the name, the second, may have spaces in it.
                    string[] fields = line[(line.LastIndexOf(')') + 2)..].Split(' ');
                    ticks += long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
                }
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }

        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }
}
