using System.Diagnostics;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>Debian's openssl s_server on a free port: it shares with nobody.</summary>
internal sealed class OpenSslServer : IDisposable
{
    private readonly Process _process;

    private OpenSslServer(Process process, string address)
    {
        _process = process;
        Address = address;
    }

    internal string Address { get; }

    internal static async Task<OpenSslServer> StartAsync(TemporaryFolder folder, params IEnumerable<string> options)
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(folder, "s_server");
        Process process = ChildProcess.Start(
            "openssl", ["s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key, "-www", .. options]);
        try
        {
            using var patience = new CancellationTokenSource(ChildProcess.Patience);
            while (await process.StandardOutput.ReadLineAsync(patience.Token) is { } line)
            {
                if (line.StartsWith("ACCEPT ", StringComparison.Ordinal))
                {
                    return new OpenSslServer(process, line["ACCEPT ".Length..].Trim());
                }
            }

            throw new InvalidOperationException("openssl s_server did not start: "
                + await process.StandardError.ReadToEndAsync(patience.Token));
        }
        catch
        {
            ChildProcess.Kill(process);
            process.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
    }
}
