using System.Diagnostics;
using System.Net;
using System.Reflection;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>A sesscb serve --stack kestrel on a free port of loopback. It ends with this process, however that ends.</summary>
internal sealed class FarmNode : IAsyncDisposable
{
    private const string Announcement = "sesscb: listening on ";
    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_stopTime = TimeSpan.FromSeconds(10);

    // What was built with this, or what SESSCB_PATH names.
    private static readonly string s_tool = Environment.GetEnvironmentVariable("SESSCB_PATH") is { Length: > 0 } given
        ? given
        : typeof(FarmNode).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(static m => m.Key == "ToolPath").Value!;

    private readonly Process _process;

    private FarmNode(Process process, IPEndPoint endPoint)
    {
        _process = process;
        EndPoint = endPoint;
    }

    internal IPEndPoint EndPoint { get; }

    /// <summary>User and system time of the whole process so far.</summary>
    internal TimeSpan Cpu => _process.TotalProcessorTime;

    /// <summary>What of <see cref="Cpu"/> the JIT's threads have used.</summary>
    internal TimeSpan CompilerCpu => CompilerThreads.CpuOf(_process.Id);

    internal static async Task<FarmNode> StartAsync(params string[] arguments)
    {
        string[] tool = s_tool.EndsWith(".dll", StringComparison.Ordinal) ? ["dotnet", s_tool] : [s_tool];
        var start = new ProcessStartInfo(
            tool[0], [.. tool[1..], "serve", "--stack", "kestrel", "--listen", "127.0.0.1:0", "--until-stdin-closes", .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        Process process = Process.Start(start)!;
        try
        {
            string? line = await process.StandardOutput.ReadLineAsync().WaitAsync(s_startTime);
            if (line?.StartsWith(Announcement, StringComparison.Ordinal) != true)
            {
                throw new BenchmarkException("a node did not start; it has said why.");
            }

            return new FarmNode(process, IPEndPoint.Parse(line[Announcement.Length..line.IndexOf(',', StringComparison.Ordinal)]));
        }
        catch
        {
            process.Kill();
            process.Dispose();
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
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
