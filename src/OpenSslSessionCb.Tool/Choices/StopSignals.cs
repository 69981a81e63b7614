using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tool.Choices;

/// <summary>Turns SIGINT, SIGTERM and, where asked for, the end of the standard input into a token.</summary>
internal sealed class StopSignals : IDisposable
{
    /// <summary>Hidden: for who starts another sesscb.</summary>
    internal const string UntilStdinClosesOption = "--until-stdin-closes";

    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _registrations;

    internal StopSignals(bool untilStdinCloses = false)
    {
        _registrations =
            [PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop)];
        if (untilStdinCloses)
        {
            // Whoever started this process holds the other end: it closes however that process ends.
            new Thread(WaitForEndOfInput) { IsBackground = true, Name = "standard input" }.Start();
        }
    }

    internal CancellationToken Token => _stopping.Token;

    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in _registrations)
        {
            registration.Dispose();
        }
    }

    private void Stop(PosixSignalContext signal)
    {
        // The process ends itself when it has put its things in order.
        signal.Cancel = true;
        _stopping.Cancel();
    }

    private void WaitForEndOfInput()
    {
        using Stream input = Console.OpenStandardInput();
        var buffer = new byte[256];
        try
        {
            while (input.Read(buffer) > 0)
            {
            }
        }
        catch (IOException)
        {
            // As good as its end.
        }

        _stopping.Cancel();
    }
}
