using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace OpenSslSessionCb.Tests;

/// <summary>Runs PowerShell scripts with their arguments, in a process whose search path and folder nobody else shares.</summary>
public static class PowerShellProgram
{
    /// <summary>
    /// Stands between two command lines, and after the output of each: it takes seconds of processor time to get PowerShell ready for
    /// the first.
    /// </summary>
    public const string Next = ";";

    /// <summary>The scripts' output goes to the standard output, their errors to the standard error.</summary>
    /// <returns>0, or 1 when there were errors.</returns>
    public static int Main(string[] args)
    {
        using Runspace runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        IDictionary environment = Environment.GetEnvironmentVariables();
        bool failed = false;
        for (ReadOnlySpan<string> rest = args; !rest.IsEmpty;)
        {
            int end = rest.IndexOf(Next);
            ReadOnlySpan<string> line = end < 0 ? rest : rest[..end];
            rest = rest[(end < 0 ? line.Length : end + 1)..];
            failed |= !Run(runspace, line);
            Console.Out.WriteLine(Next);
            PutBack(environment);
        }

        return failed ? 1 : 0;
    }

    private static bool Run(Runspace runspace, ReadOnlySpan<string> line)
    {
        using var shell = PowerShell.Create(runspace);
        shell.AddCommand(line[0]);
        foreach (string argument in line[1..])
        {
            shell.AddArgument(argument);
        }

        foreach (PSObject output in shell.Invoke())
        {
            Console.Out.WriteLine(output);
        }

        foreach (ErrorRecord error in shell.Streams.Error)
        {
            Console.Error.WriteLine(error);
        }

        return shell.Streams.Error.Count == 0;
    }

    /// <summary>A script's variables are its own, as if it had had a process of its own.</summary>
    private static void PutBack(IDictionary environment)
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
        {
            Environment.SetEnvironmentVariable(name, (string?)environment[name]);
        }

        foreach (DictionaryEntry variable in environment)
        {
            Environment.SetEnvironmentVariable((string)variable.Key, (string?)variable.Value);
        }
    }
}
