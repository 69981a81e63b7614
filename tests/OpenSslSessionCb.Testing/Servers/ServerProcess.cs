using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Testing;

/// <summary>
/// A redis-server or valkey-server of this process's own, on loopback, with nothing on disk. It ends with
/// this process, however that ends.
/// </summary>
/// <remarks>For benchmarks too, so it knows no test framework.</remarks>
internal sealed partial class ServerProcess : IAsyncDisposable
{
    // Whoever holds the other end of the shell's input may be killed: then the read ends, and so does the server, paused or not.
    private const string Script = """
        "$@" < /dev/null > /dev/null 2>&1 &
        echo $!
        read -r end
        kill -9 $!
        wait
        """;

    private const int Kill = 9;
    private const int Continue = 18;
    private const int Stop = 19;

    private static readonly TimeSpan s_startTime = TimeSpan.FromMinutes(1);

    private readonly string _program;
    private readonly string[] _arguments;
    private Process? _shell;
    private int _server;

    private ServerProcess(string program, int port, string[] arguments)
    {
        _program = program;
        _arguments = ["--port", $"{port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no", "--daemonize", "no", .. arguments];
        Port = port;
    }

    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int Id => _server;

    public string Address => $"127.0.0.1:{Port}";

    /// <summary>User and system time of the server so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            using var server = Process.GetProcessById(_server);
            return server.TotalProcessorTime;
        }
    }

    public static async Task<ServerProcess> StartAsync(string program, params string[] arguments)
    {
        var server = new ServerProcess(program, FreePort.Next(), arguments);
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it, or starts it again at the same address: it is empty then.</summary>
    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("/bin/sh") { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["-c", Script, "sh", _program, .. _arguments])
        {
            start.ArgumentList.Add(argument);
        }

        _shell = Process.Start(start)!;
        _server = int.Parse((await _shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await UntilAcceptsAsync();
    }

    public void Pause() => Send(Stop);

    public void Resume() => Send(Continue);

    /// <summary>By SIGKILL. Its connections are reset.</summary>
    public async Task KillAsync()
    {
        Send(Kill);
        await EndAsync();
    }

    public async ValueTask DisposeAsync() => await EndAsync();

    private async Task EndAsync()
    {
        if (_shell is { } shell)
        {
            _shell = null;
            shell.StandardInput.Close();
            await shell.WaitForExitAsync();
            shell.Dispose();
        }
    }

    private async Task UntilAcceptsAsync()
    {
        var since = Stopwatch.StartNew();
        while (!Accepts())
        {
            if (since.Elapsed > s_startTime)
            {
                throw new TimeoutException($"{_program} did not accept connections on port {Port} within {s_startTime.TotalSeconds:0} s.");
            }

            await Task.Delay(5);
        }
    }

    private bool Accepts()
    {
        using var client = new TcpClient();
        try
        {
            client.Connect(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Send(int signal)
    {
        if (NativeKill(_server, signal) != 0)
        {
            throw new InvalidOperationException($"kill -{signal} {_server} failed.");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int NativeKill(int process, int signal);
}
