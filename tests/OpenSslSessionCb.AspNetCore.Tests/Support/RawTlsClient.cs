using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>libssl as a client whose sessions, and whose first flight, the test has in its hands.</summary>
internal sealed class RawTlsClient : IDisposable
{
    private const int SetGroupsList = 92;

    private readonly nint _context;

    static RawTlsClient() => OpenSslLibrary.UseSslStreamLibrary();

    /// <param name="version">"1.2" or "1.3".</param>
    /// <param name="groups">The key exchange groups, the first of which it brings a share for.</param>
    /// <param name="alpn">ALPN's list as it is on the wire; null: none.</param>
    internal RawTlsClient(string version, string? groups = null, byte[]? alpn = null) =>
        _context = MakeContext(version == "1.2" ? LibSsl.TLS1_2_VERSION : LibSsl.TLS1_3_VERSION, groups, alpn);

    /// <summary>One request on a connection of its own.</summary>
    /// <param name="server">Where.</param>
    /// <param name="offer">A session to offer; the caller's.</param>
    /// <param name="cut">Takes the first flight apart; each part is sent by itself. Null: it is sent whole.</param>
    /// <param name="start">It is connected, and waits for this before it says hello.</param>
    internal async Task<RawTlsVisit> VisitAsync(
        EndPoint server, RawTlsVisit? offer = null, Func<byte[], IEnumerable<byte[]>>? cut = null, Func<Task>? start = null)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(4));
        using var socket = new Socket(
            server.AddressFamily, SocketType.Stream, server is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified);
        await socket.ConnectAsync(server, patience.Token);
        if (server is IPEndPoint)
        {
            socket.NoDelay = true;
        }

        using MemoryTls tls = MemoryTls.Client(_context, offer?.Session ?? 0);
        bool isDone = tls.Handshake();
        byte[] hello = tls.Send();
        if (start is not null)
        {
            await start();
        }

        foreach (byte[] part in cut is null ? [hello] : cut(hello))
        {
            await socket.SendAsync(part, patience.Token);
        }

        var buffer = new byte[16 * 1024];
        while (!isDone)
        {
            tls.Receive(await ReceiveAsync(socket, buffer, patience.Token));
            isDone = tls.Handshake();
            await SendAsync(socket, tls, patience.Token);
        }

        tls.Write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8);
        await SendAsync(socket, tls, patience.Token);
        var answer = new StringBuilder();
        while (!answer.ToString().Contains("sessions", StringComparison.Ordinal) || !answer.ToString().EndsWith('\n'))
        {
            int read = tls.Read(buffer);
            if (read == 0)
            {
                tls.Receive(await ReceiveAsync(socket, buffer, patience.Token));
            }

            answer.Append(Encoding.UTF8.GetString(buffer, 0, read));
        }

        return new RawTlsVisit(tls.Resumed, answer.ToString(), tls.TakeSession());
    }

    public unsafe void Dispose() => LibSsl.SSL_CTX_free((SSL_CTX*)_context);

    private static unsafe nint MakeContext(int version, string? groups, byte[]? alpn)
    {
        SSL_CTX* context = LibSsl.SSL_CTX_new(LibSsl.TLS_client_method());
        LibSsl.SSL_CTX_set_min_proto_version(context, version);
        LibSsl.SSL_CTX_set_max_proto_version(context, version);
        fixed (byte* list = Encoding.ASCII.GetBytes(groups + '\0'), protocols = alpn)
        {
            if (groups is not null)
            {
                Assert.That(LibSsl.SSL_CTX_ctrl(context, SetGroupsList, default, list).Value, Is.EqualTo((nint)1));
            }

            if (alpn is not null)
            {
                Assert.That(LibSsl.SSL_CTX_set_alpn_protos(context, protocols, (uint)alpn.Length), Is.Zero);
            }
        }

        return (nint)context;
    }

    private static async Task<byte[]> ReceiveAsync(Socket socket, byte[] buffer, CancellationToken cancellationToken)
    {
        int read = await socket.ReceiveAsync(buffer, cancellationToken);
        return read > 0 ? buffer[..read] : throw new IOException("The server has closed the connection.");
    }

    private static async Task SendAsync(Socket socket, MemoryTls tls, CancellationToken cancellationToken)
    {
        byte[] bytes = tls.Send();
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await socket.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
    }
}
