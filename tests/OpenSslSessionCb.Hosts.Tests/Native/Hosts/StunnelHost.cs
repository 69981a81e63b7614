using System.Net;
using System.Net.Sockets;
using System.Text;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>stunnel before a server of this process's own, which says one line and hangs up.</summary>
internal static class StunnelHost
{
    /// <param name="setup">Certificate, key, sites, and perhaps the CA of clients.</param>
    /// <param name="name">Of its files.</param>
    /// <param name="options">More lines of its service.</param>
    /// <param name="line">What the server behind it says.</param>
    /// <param name="hasCertificate">Whether it shows one; if not, it is known by what it shares with its clients.</param>
    internal static async Task<NativeHost> StartAsync(
        HostSetup setup, string name = "stunnel", string options = "", string line = "hello", bool hasCertificate = true)
    {
        TcpListener behind = StartBehind(line);
        try
        {
            int portBehind = ((IPEndPoint)behind.LocalEndpoint).Port;
            NativeHost host = await NativeHost.StartAsync("/usr/bin/stunnel",
                port => [setup.Folder.Write(name + ".conf", Configuration(setup, name, port, portBehind, options, hasCertificate))],
                setup.Preloaded);
            host.Ended += behind.Dispose;
            return host;
        }
        catch
        {
            behind.Dispose();
            throw;
        }
    }

    /// <summary>A server behind stunnel: it says one line to whoever comes, until it is disposed of.</summary>
    internal static TcpListener StartBehind(string line)
    {
        var behind = new TcpListener(IPAddress.Loopback, 0);
        behind.Start();
        _ = AnswerAllAsync(behind, line);
        return behind;
    }

    private static string Configuration(HostSetup setup, string name, int port, int behind, string options, bool hasCertificate) => $"""
        foreground = yes
        pid =
        output = {setup.Folder[name + ".log"]}
        debug = warning
        [farm]
        accept = 127.0.0.1:{port}
        connect = 127.0.0.1:{behind}
        {(hasCertificate ? $"cert = {setup.Certificate}\nkey = {setup.Key}" : "")}
        {(setup.ClientCa is { } ca ? $"CAfile = {ca}\nverifyChain = yes" : "")}
        {options}
        {string.Concat(setup.Sites.Select(site =>
            $"[{site.Name}]\nsni = farm:{site.Name}\nconnect = 127.0.0.1:{behind}\n"
                + $"cert = {site.Certificate}\nkey = {site.Key}\n"))}

        """;

    private static async Task AnswerAllAsync(TcpListener listener, string line)
    {
        try
        {
            while (true)
            {
                _ = AnswerAsync(await listener.AcceptTcpClientAsync(), line);
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The end of the host is the end of this one.
        }
    }

    private static async Task AnswerAsync(TcpClient client, string line)
    {
        using (client)
        {
            try
            {
                // Read first: a close with unread bytes resets the connection.
                _ = await client.GetStream().ReadAsync(new byte[1024]);
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(line + "\n"));
            }
            catch (IOException)
            {
                // stunnel has gone first.
            }
        }
    }
}
