using System.Text.Json;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Serving;

[TestFixture]
[Platform("Linux")]
public sealed class StopTests
{
    [Test]
    public async Task Serve_SignalWithConnectionsOpen_ExitsInOrder(
        [Values("openssl", "sslstream", "kestrel")] string stack, [Values(Signal.Terminate, Signal.Interrupt)] object signal)
    {
        using ServeProcess server = await ServeProcess.StartAsync("--stack", stack);
        TlsClient[] clients = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => TlsClient.ConnectAsync(server.EndPoint)));
        try
        {
            server.Send((Signal)signal);
            ProcessResult result = await server.ExitAsync().WaitAsync(ChildProcess.Patience);

            Assert.That((result.ExitCode, result.All), Is.EqualTo((0, "")));
            foreach (TlsClient client in clients)
            {
                Assert.That(await client.IsClosedByServerAsync(), Is.True);
            }
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    /// <summary>Kestrel hangs up without a word.</summary>
    [Test]
    public async Task Serve_Stopped_TellsClientsWithCloseNotify([Values("openssl", "sslstream")] string stack)
    {
        using ServeProcess server = await ServeProcess.StartAsync("--stack", stack, "--tls", "1.2");
        Task<ProcessResult> client = ChildProcess.RunAsync(
            "openssl", ["s_client", "-connect", server.EndPoint.ToString(), "-ign_eof", "-msg"], input: "",
            keepInputOpen: TimeSpan.FromSeconds(30));
        await Eventually.IsTrueAsync(() => HasShakenHandsAsync(server), "openssl does not connect");

        server.Send(Signal.Terminate);

        ProcessResult result = await client;
        Assert.That(result.All, Does.Contain("close_notify").And.Not.Contain("unexpected eof"));
        Assert.That((await server.ExitAsync()).ExitCode, Is.Zero);
    }

    /// <summary>Whether somebody is connected besides who asks, and every connection so far has made its session.</summary>
    private static async Task<bool> HasShakenHandsAsync(ServeProcess server)
    {
        JsonElement statistics = await server.StatisticsAsync();
        long Number(string name) => statistics.GetProperty(name).GetInt64();
        return Number("openConnections") == 2 && Number("new") == Number("connections");
    }

    [Test]
    public async Task Serve_Stopped_HasWrittenItsSessions([Values("openssl", "sslstream", "kestrel")] string stack)
    {
        using var folder = new TemporaryFolder();
        using ServerPair servers = await ServerPair.StartAsync(folder, "--stack", stack);
        await OpenSslClient.GetAsync(servers.First, "-tls1_3", "-sess_out", folder["session"]);

        servers.First.Send(Signal.Terminate);
        Assert.That((await servers.First.ExitAsync()).ExitCode, Is.Zero);

        ProcessResult second = await OpenSslClient.GetAsync(servers.Second, "-tls1_3", "-sess_in", folder["session"]);
        Assert.That(second.Output, Does.Contain("reused: yes"), second.All);
    }

    [Test]
    public async Task Serve_StandardInputCloses_ExitsInOrder([Values("openssl", "sslstream", "kestrel")] string stack)
    {
        using ServeProcess server = await ServeProcess.StartAsync("--stack", stack, "--until-stdin-closes");

        server.CloseInput();

        ProcessResult result = await server.ExitAsync();
        Assert.That((result.ExitCode, result.All), Is.EqualTo((0, "")));
    }
}
