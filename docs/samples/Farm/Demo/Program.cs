using System.Runtime.InteropServices;
using FarmDemo;

try
{
    using var stopping = new CancellationTokenSource();
    using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
    using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
    await Farm.RunAsync(FarmOptions.Parse(args), stopping);
    return 0;

    // Everything that was started is ended first; then this program ends.
    void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        stopping.Cancel();
    }
}
catch (OperationCanceledException)
{
    return 0;
}
catch (FarmException exception)
{
    Console.Error.WriteLine($"farm: {exception.Message}");
    return exception.ExitCode;
}
