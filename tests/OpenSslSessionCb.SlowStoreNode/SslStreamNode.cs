using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace OpenSslSessionCb.SlowStoreNode;

internal static class SslStreamNode
{
    internal static async Task RunAsync(SlowStore store, X509Certificate2 certificate, string keyFile)
    {
        OpenSslLibrary.UseSslStreamLibrary();
        using SessionKeyRing keys = SessionKeyRing.OpenOrCreate(keyFile);
        await using var cache = new SessionCache(
            store, new SessionCacheOptions { KeyRing = keys, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) });
        using ProcessAttachment attachment = cache.AttachToProcess();
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start(backlog: 1000);
        _ = AcceptAsync(listener, cache,
            new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null) }, store);
        Console.WriteLine(((IPEndPoint)listener.LocalEndpoint).Port);
        await Console.In.ReadToEndAsync();
    }

    private static async Task AcceptAsync(TcpListener listener, SessionCache cache, SslServerAuthenticationOptions options, SlowStore store)
    {
        while (true)
        {
            Socket socket = await listener.AcceptSocketAsync();
            _ = ServeAsync(socket, cache, options, store);
        }
    }

    private static async Task ServeAsync(Socket socket, SessionCache cache, SslServerAuthenticationOptions options, SlowStore store)
    {
        try
        {
            var ahead = new SessionLookAheadStream(new NetworkStream(socket, ownsSocket: true), cache);
            await using var stream = new SslStream(ahead);
            await stream.AuthenticateAsServerAsync(options);
            _ = await stream.ReadAsync(new byte[4096]);
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\n\r\n{cache.Statistics}\nresumed {ahead.Resumed}, "
                + $"waiting {store.MostWaiting}, sessions {store.Count}\n"));
            await stream.ShutdownAsync();
        }
        catch (IOException)
        {
            // The client is gone.
        }
    }
}
