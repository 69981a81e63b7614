using System.Diagnostics;
using System.Net;
using System.Text;
using OpenSslSessionCb.Tool.Choices;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>A sesscb serve of our own on a free port. It ends when it is disposed of, and also when this process dies.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();

    private ServerProcess(string name, Process process)
    {
        Name = name;
        _process = process;
    }

    internal string Name { get; }

    internal int Id => _process.Id;

    internal IPEndPoint EndPoint { get; private set; } = new(IPAddress.Loopback, 0);

    internal static async Task<ServerProcess> StartAsync(
        string name, DemoFolder shared, string? libssl, CancellationToken cancellationToken)
    {
        var process = new Process { StartInfo = StartInfo(shared, libssl) };
        var server = new ServerProcess(name, process);
        process.ErrorDataReceived += (_, line) => server.AddError(line.Data);
        process.Start();
        try
        {
            process.BeginErrorReadLine();
            server.EndPoint = await server.ReadEndPointAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The end of its input tells it to stop.
        _process.StandardInput.Close();
        try
        {
            using var patience = new CancellationTokenSource(s_stopTime);
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(DemoFolder shared, string? libssl)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Started as "dotnet sesscb.dll", this process is dotnet.
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
        {
            start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "sesscb.dll"));
        }

        string[] arguments =
        [
            "serve", "--listen", "127.0.0.1:0", "--cert", shared.CertificateFile, "--key", shared.KeyFile,
            "--store", $"sqlite:{shared.Database}", "--key-file", shared.KeyRingFile, StopSignals.UntilStdinClosesOption,
            .. libssl is null ? Array.Empty<string>() : ["--libssl", libssl],
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        return start;
    }

    private async Task<IPEndPoint> ReadEndPointAsync(CancellationToken cancellationToken)
    {
        const string Announcement = "sesscb: listening on ";
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(s_startTime);
        try
        {
            string? line = await _process.StandardOutput.ReadLineAsync(deadline.Token);
            if (line is not null && line.StartsWith(Announcement, StringComparison.Ordinal))
            {
                return IPEndPoint.Parse(line[Announcement.Length..line.IndexOf(',', StringComparison.Ordinal)]);
            }

            // It has ended, or will: wait, so that all it has to say has come.
            await _process.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ToolException($"server {Name} did not listen within {s_startTime.TotalSeconds:0} seconds: {Errors()}");
        }

        throw new ToolException($"server {Name} did not start: {Errors()}");
    }

    private void AddError(string? line)
    {
        lock (_errors)
        {
            _errors.AppendLine(line);
        }
    }

    private string Errors()
    {
        lock (_errors)
        {
            return _errors.ToString().Trim() is { Length: > 0 } text ? text : "it said nothing.";
        }
    }
}
