using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>SslStream as a server in this process, and libssl as its client, whose sessions the test has in its hands.</summary>
internal sealed class SslStreamServer(X509Certificate2 certificate)
{
    /// <summary>Whether it asks for a client certificate.</summary>
    internal bool Asks { get; init; } = true;

    /// <summary>.NET has a context of its own for each set of these.</summary>
    internal SslProtocols Protocols { get; init; } = SslProtocols.None;

    /// <summary>How chains are built; null: they are not looked at.</summary>
    internal X509ChainPolicy? Policy { get; init; }

    /// <summary>The validation callback says this, if the chain is as it should be. Called on the connection's thread.</summary>
    internal Func<bool> Accepts { get; set; } = static () => true;

    /// <summary>One connection, from the hello to the end of both sides.</summary>
    /// <param name="client">Who comes.</param>
    /// <param name="offer">What it offers; the caller's.</param>
    /// <param name="deed">What the server does if it lets the client in.</param>
    internal async Task<SslStreamVisit> VisitAsync(TlsContext client, ClientSession? offer = null, Deed deed = Deed.Writes)
    {
        (Socket near, Socket far) = await ConnectAsync();
        Task<bool> serves = Task.Run(() => ServeAsync(far, deed));
        using MemoryTls tls = Open(client, offer);
        using (near)
        {
            await TalkAsync(near, tls, deed);
        }

        bool isLetIn = await serves.WaitAsync(Eventually.Patience);
        return new SslStreamVisit(isLetIn, tls.Resumed, Take(tls));
    }

    /// <summary>A client that says hello, hears the answer, and goes.</summary>
    internal async Task SayHelloAsync(TlsContext client, ClientSession offer)
    {
        (Socket near, Socket far) = await ConnectAsync();
        Task<bool> serves = Task.Run(() => ServeAsync(far, Deed.Writes));
        using MemoryTls tls = Open(client, offer);
        tls.Handshake();
        await near.SendAsync(tls.Send());
        await near.ReceiveAsync(new byte[16 * 1024]);
        near.Dispose();
        await serves.WaitAsync(Eventually.Patience);
    }

    private static async Task<(Socket Near, Socket Far)> ConnectAsync()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var near = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await near.ConnectAsync(listener.LocalEndPoint!);
        return (near, await listener.AcceptAsync());
    }

    private static unsafe MemoryTls Open(TlsContext client, ClientSession? offer) =>
        MemoryTls.Client(client.Raw, offer is null ? 0 : (nint)offer.Pointer);

    private static unsafe ClientSession Take(MemoryTls tls) => new((SSL_SESSION*)tls.TakeSession());

    private static unsafe void SayGoodbye(MemoryTls tls) => _ = LibSsl.SSL_shutdown(tls.Pointer);

    private static async Task TalkAsync(Socket socket, MemoryTls tls, Deed deed)
    {
        var buffer = new byte[16 * 1024];
        bool isDone = false;
        while (true)
        {
            if (!isDone && tls.Handshake())
            {
                isDone = true;
                if (deed == Deed.Reads)
                {
                    tls.Write("x"u8);
                }
                else if (deed == Deed.HearsGoodbye)
                {
                    SayGoodbye(tls);
                }
            }

            await socket.SendAsync(tls.Send());
            while (isDone && tls.Read(buffer) > 0)
            {
            }

            int received = await socket.ReceiveAsync(buffer).WaitAsync(Eventually.Patience);
            if (received == 0)
            {
                return;
            }

            tls.Receive(buffer.AsSpan(0, received));
        }
    }

    private async Task<bool> ServeAsync(Socket socket, Deed deed)
    {
        await using var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        try
        {
            await stream.AuthenticateAsServerAsync(new SslServerAuthenticationOptions
            {
                ServerCertificate = certificate,
                EnabledSslProtocols = Protocols,
                ClientCertificateRequired = Asks,
                CertificateChainPolicy = Policy,
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
                RemoteCertificateValidationCallback = (_, _, _, errors) =>
                    (Policy is null || errors == SslPolicyErrors.None) && Accepts(),
            });
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            return false;
        }

        if (deed is Deed.Writes or Deed.WritesAndSaysGoodbye)
        {
            await stream.WriteAsync("x"u8.ToArray());
        }
        else if (deed is Deed.Reads or Deed.HearsGoodbye)
        {
            _ = await stream.ReadAsync(new byte[1]);
        }

        if (deed is Deed.SaysGoodbye or Deed.WritesAndSaysGoodbye)
        {
            await stream.ShutdownAsync();
        }

        return true;
    }
}
