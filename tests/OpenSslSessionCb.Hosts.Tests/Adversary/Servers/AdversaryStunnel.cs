using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>stunnel before a server of this process's own.</summary>
internal static class AdversaryStunnel
{
    internal static async Task<NativeHost> StartAsync(HostSetup setup, string name, Verification verification)
    {
        var behind = new TcpListener(IPAddress.Loopback, 0);
        behind.Start();
        _ = AnswerAllAsync(behind);
        try
        {
            NativeHost host = await NativeHost.StartAsync("/usr/bin/stunnel",
                port => [setup.Folder.Write(name + ".conf", Configuration(setup, name, verification, port, behind))], setup.Preloaded);
            host.Ended += behind.Dispose;
            return host;
        }
        catch
        {
            behind.Dispose();
            throw;
        }
    }

    private static string Configuration(HostSetup setup, string name, Verification verification, int port, TcpListener behind)
    {
        string Line(string option, string? value) => value is null ? "" : $"{option} = {value}\n";
        return $"""
            foreground = yes
            pid =
            output = {setup.Folder[name + ".log"]}
            debug = warning
            [farm]
            accept = 127.0.0.1:{port}
            connect = 127.0.0.1:{((IPEndPoint)behind.LocalEndpoint).Port}
            cert = {setup.Certificate}
            key = {setup.Key}
            {(verification.IsOn ? "verifyChain = yes" : "")}

            """
            + Line("CAfile", verification.CaFile) + Line("CApath", verification.CaPath) + Line("CRLfile", verification.CrlFile)
            + Line("checkEmail", verification.Email) + Line("checkHost", verification.HostName);
    }

    private static async Task AnswerAllAsync(TcpListener listener)
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
                await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(AdversaryHost.Page + "\n"));
            }
            catch (IOException)
            {
                // stunnel has gone first.
            }
        }
    }
}
