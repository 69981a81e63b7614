using System.Diagnostics;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Who runs where: the server that is measured on the first processor, all others on the second.</summary>
internal static class Machine
{
    private const string Server = "0";
    private const string Clients = "1";

    internal static void RequireTwoProcessors()
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
        {
            throw new BenchmarkException("this needs Linux and two processors, one for the server alone.");
        }
    }

    /// <summary>A command and its arguments, on the server's processor.</summary>
    internal static string[] OnServers(params string[] command) => ["taskset", "--cpu-list", Server, .. command];

    internal static string[] OnClients(params string[] command) => ["taskset", "--cpu-list", Clients, .. command];

    /// <summary>Moves a process that runs already.</summary>
    internal static void PutWithClients(int process) => Run("taskset", "--all-tasks", "--cpu-list", "--pid", Clients, $"{process}");

    /// <summary>Runs a program to its end; returns what it wrote.</summary>
    internal static string Run(params string[] command)
    {
        using Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new BenchmarkException($"{string.Join(' ', command)} failed; it has said why.");
    }
}
