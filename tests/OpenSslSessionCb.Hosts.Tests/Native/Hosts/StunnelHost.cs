using System.Net.Sockets;
using System.Text;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>stunnel before a server of this process's own, which says one line and hangs up.</summary>
internal static class StunnelHost
{
    internal static async Task<NativeHost> StartAsync(HostSetup setup, string name = "stunnel")
    {
        TcpListener behind = TcpListener.Create(0);
        behind.Start();
        _ = AnswerAsync(behind);
        try
        {
            NativeHost host = await NativeHost.StartAsync("/usr/bin/stunnel",
                port => [setup.Folder.Write(name + ".conf", Configuration(setup, name, port, behind))], setup.Preloaded);
            host.Ended += behind.Dispose;
            return host;
        }
        catch
        {
            behind.Dispose();
            throw;
        }
    }

    private static string Configuration(HostSetup setup, string name, int port, TcpListener behind) => $"""
        foreground = yes
        pid =
        output = {setup.Folder[name + ".log"]}
        debug = warning
        [farm]
        accept = 127.0.0.1:{port}
        connect = 127.0.0.1:{((System.Net.IPEndPoint)behind.LocalEndpoint).Port}
        cert = {setup.Certificate}
        key = {setup.Key}
        {(setup.ClientCa is { } ca ? $"CAfile = {ca}\nverifyChain = yes" : "")}
        {string.Concat(setup.Sites.Select(site =>
            $"[{site.Name}]\nsni = farm:{site.Name}\nconnect = 127.0.0.1:{((System.Net.IPEndPoint)behind.LocalEndpoint).Port}\n"
                + $"cert = {site.Certificate}\nkey = {site.Key}\n"))}

        """;

    private static async Task AnswerAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the host is the end of this one.
        }
    }

    private static async Task AnswerAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                // Read first: a close with unread bytes resets the connection.
                _ = await client.GetStream().ReadAsync(new byte[1024]);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes("hello\n"));
            }
            catch (IOException)
            {
                // stunnel has gone first.
            }
        }
    }
}
