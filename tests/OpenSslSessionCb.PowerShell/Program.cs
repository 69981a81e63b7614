using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OpenSslSessionCb.Tests;

/// <summary>Runs a PowerShell script with its arguments, in a process whose search path and folder nobody else shares.</summary>
public static class PowerShellProgram
{
    /// <summary>The script's output goes to the standard output, its errors to the standard error.</summary>
    /// <returns>0, or 1 when there were errors.</returns>
    public static int Main(string[] args)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(args[0]);
        foreach (string argument in args[1..])
        {
            shell.AddArgument(argument);
        }

        foreach (PSObject line in shell.Invoke())
        {
            Console.Out.WriteLine(line);
        }

        foreach (ErrorRecord error in shell.Streams.Error)
        {
            Console.Error.WriteLine(error);
        }

        return shell.Streams.Error.Count == 0 ? 0 : 1;
    }
}
