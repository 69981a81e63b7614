using System.Diagnostics;
using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// One of the small servers of native/hosts, each of which plays a kind of host. Read line by line, and
/// ended with all that it started.
/// </summary>
internal sealed class SmallHost : IDisposable
{
    private const string Listening = "listening on 127.0.0.1:";

    private readonly Process _process;
    private readonly Task _reading;
    private readonly Task<string> _errors;
    private readonly List<string> _lines = [];

    private SmallHost(Process process, bool readErrors = true)
    {
        _process = process;
        _errors = readErrors ? process.StandardError.ReadToEndAsync() : Task.FromResult("");
        _reading = ReadAsync();
    }

    internal int Id => _process.Id;

    internal bool HasExited => _process.HasExited;

    /// <summary>What it has said so far.</summary>
    internal IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
            {
                return [.. _lines];
            }
        }
    }

    /// <summary>Starts a program that is preloaded as the environment says.</summary>
    internal static async Task<SmallHost> StartAsync(
        string name, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment) =>
        new(ChildProcess.Start(await SmallPrograms.FindAsync("hosts/" + name), arguments, environment));

    /// <summary>The same by way of a program that becomes it.</summary>
    internal static SmallHost Start(
        string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string> environment, bool readErrors) =>
        new(ChildProcess.Start(program, arguments, environment), readErrors);

    /// <summary>The same, with the certificate and the key of a setup as its first arguments.</summary>
    internal static Task<SmallHost> StartAsync(string name, HostSetup setup, params string[] arguments) =>
        StartAsync(name, [setup.Certificate, setup.Key, .. arguments], setup.Preloaded);

    /// <summary>The ports that it listens on, once they are so many.</summary>
    internal async Task<int[]> PortsAsync(int count = 1)
    {
        int[] Ports() => [.. Lines.Where(static line => line.StartsWith(Listening, StringComparison.Ordinal))
            .Select(static line => int.Parse(line[Listening.Length..], CultureInfo.InvariantCulture))];
        await WaitAsync(() => Ports().Length >= count, $"{count} ports");
        return Ports();
    }

    /// <summary>Waits until it has said something so many times.</summary>
    internal Task SaysAsync(string start, int times = 1) =>
        WaitAsync(() => Lines.Count(line => line.StartsWith(start, StringComparison.Ordinal)) >= times, $"'{start}' {times} times");

    internal void Send(Signal signal) => signal.Send(Id);

    internal void SendByte()
    {
        _process.StandardInput.Write('x');
        _process.StandardInput.Close();
    }

    /// <summary>What it has written to stderr, once it has ended.</summary>
    internal Task<string> ErrorsAsync() => _errors.WaitAsync(ChildProcess.Patience);

    /// <summary>Lets go of the pipe that is its stderr, which was not read: whoever writes there is told so with a signal.</summary>
    internal void CloseErrors() => _process.StandardError.Close();

    /// <summary>Waits for its end, with all that it has said.</summary>
    internal async Task<ProcessResult> EndAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        await _reading.WaitAsync(patience.Token);
        return new ProcessResult(_process.ExitCode, string.Join('\n', Lines), await _errors.WaitAsync(patience.Token));
    }

    internal void Kill() => ChildProcess.Kill(_process);

    public void Dispose()
    {
        Kill();
        _process.Dispose();
    }

    private async Task WaitAsync(Func<bool> condition, string what)
    {
        await Eventually.IsTrueAsync(() => condition() || _process.HasExited, $"{what}, after: {string.Join('\n', Lines)}");
        if (_process.HasExited)
        {
            await _reading;
            Assert.That(condition(), Is.True, $"{what}: it ended with {_process.ExitCode} after: {string.Join('\n', Lines)}");
        }
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            lock (_lines)
            {
                _lines.Add(line);
            }
        }
    }
}
