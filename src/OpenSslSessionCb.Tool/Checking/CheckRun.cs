using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>sesscb check, from the first connection to the exit code.</summary>
internal static class CheckRun
{
    private const int Interrupted = 130;

    internal static async Task<int> RunAsync(CheckOptions options)
    {
        using var signals = new StopSignals();
        try
        {
            return await CheckAsync(options, signals.Token);
        }
        catch (OperationCanceledException) when (signals.Token.IsCancellationRequested)
        {
            return Interrupted;
        }
    }

    private static async Task<int> CheckAsync(CheckOptions options, CancellationToken cancellationToken)
    {
        int resumed = 0;
        int expected = 0;
        bool allReached = true;
        foreach (TlsVersions version in (TlsVersions[])[TlsVersions.Tls12, TlsVersions.Tls13])
        {
            using var matrix = new CheckMatrix(version, options);
            await matrix.FillAsync(cancellationToken);
            CheckTable.Print(matrix, options);
            resumed += matrix.Results.Count(static result => result.IsResumed);
            expected += matrix.Results.Count(static result => result.Counts);
            allReached &= matrix.First.All(static visit => visit.Progress != CheckProgress.Failed);
        }

        Console.WriteLine($"check: {resumed} of {expected} resumed{(allReached ? "" : "; not every server could be connected to")}");
        return resumed == expected && expected > 0 && allReached ? 0 : ToolException.RunTime;
    }
}
