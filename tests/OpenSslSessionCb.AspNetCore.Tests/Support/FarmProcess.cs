using System.Diagnostics;
using System.Net;
using System.Reflection;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>The demo farm as build.sh starts it, on a free port.</summary>
internal sealed class FarmProcess : IDisposable
{
    private const string AddressLine = "farm: https://";

    private readonly Process _process;
    private readonly List<string> _said = [];

    private FarmProcess(Process process) => _process = process;

    internal static string Program { get; } = typeof(FarmProcess).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .First(static data => data.Key == "FarmPath").Value!;

    /// <summary>Of the page.</summary>
    internal Uri Address { get; private set; } = new("about:blank");

    internal IPEndPoint EndPoint => new(IPAddress.Loopback, Address.Port);

    /// <summary>What it has said before the address.</summary>
    internal string Said => string.Join('\n', _said);

    /// <summary>The process ids of its two nodes.</summary>
    internal int[] Nodes => [.. Started.Where(static process => ProcessTree.NameOf(process) == "dotnet")];

    internal int Id => _process.Id;

    /// <summary>All that it has started.</summary>
    internal int[] Started => [.. ProcessTree.DescendantsOf(Id)];

    /// <param name="folder">Its temporary files go there.</param>
    /// <param name="arguments">More arguments.</param>
    internal static async Task<FarmProcess> StartAsync(TemporaryFolder folder, params IEnumerable<string> arguments)
    {
        var farm = new FarmProcess(
            ChildProcess.Start("dotnet", [Program, "--port", "0", "--until-stdin-closes", .. arguments], Environment(folder)));
        try
        {
            await farm.ReadAddressAsync();
            return farm;
        }
        catch
        {
            farm.Dispose();
            throw;
        }
    }

    internal static Dictionary<string, string> Environment(TemporaryFolder folder) => new()
    {
        ["TMPDIR"] = folder.Root,
        ["DOTNET_EnableDiagnostics"] = "0",

        // A cold process on a machine full of tests may need more than 20 ms for its first lookup.
        ["OpenSslSessionCache__LookupDeadline"] = "00:00:01",
    };

    internal void CloseInput() => _process.StandardInput.Close();

    /// <summary>The next line that it says.</summary>
    internal async Task<string?> ReadLineAsync() => await _process.StandardOutput.ReadLineAsync().WaitAsync(ChildProcess.Patience);

    internal async Task<ProcessResult> ExitAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        await _process.WaitForExitAsync(patience.Token);
        return new ProcessResult(_process.ExitCode, await _process.StandardOutput.ReadToEndAsync(patience.Token),
            await _process.StandardError.ReadToEndAsync(patience.Token));
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }

    private async Task ReadAddressAsync()
    {
        while (await ReadLineAsync() is { } line)
        {
            if (line.StartsWith(AddressLine, StringComparison.Ordinal))
            {
                Address = new Uri(line["farm: ".Length..].Split(' ')[0]);
                return;
            }

            _said.Add(line);
        }

        throw new InvalidOperationException(Said + await _process.StandardError.ReadToEndAsync());
    }
}
