using System.Net;
using System.Net.Sockets;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>One client: a connection, a request, and the next time the other node.</summary>
internal sealed unsafe class FarmClient(TlsContext context, IReadOnlyList<IPEndPoint> nodes, int visits) : IDisposable
{
    internal static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private SSL_SESSION* _session;

    private static ReadOnlySpan<byte> Request => "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8;

    private static ReadOnlySpan<byte> Success => "HTTP/1.1 200 "u8;

    /// <summary>
    /// Connects, asks for a page, reads it to the end, and keeps the session. Returns whether the connection resumed the last one.
    /// </summary>
    internal bool Visit()
    {
        // libssl reads and writes the descriptor itself: a client that costs much would take the processor from the nodes.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        SocketPatience.Limit(socket, Patience);
        socket.Connect(nodes[visits++ % nodes.Count]);
        using ErrorMark mark = ErrorMark.Set();
        SSL* ssl = LibSsl.SSL_new(context.Pointer);
        try
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_set_fd(ssl, (int)socket.Handle), mark);
            if (_session is not null)
            {
                OpenSslException.ThrowIfFailed(LibSsl.SSL_set_session(ssl, _session), mark);
            }

            OpenSslException.ThrowIfFailed(LibSsl.SSL_connect(ssl), mark);
            bool resumed = LibSsl.SSL_session_reused(ssl) != 0;
            Ask(ssl, mark);
            LibSsl.SSL_SESSION_free(_session);
            _session = LibSsl.SSL_get1_session(ssl);
            _ = LibSsl.SSL_shutdown(ssl);
            return resumed;
        }
        finally
        {
            LibSsl.SSL_free(ssl);
        }
    }

    public void Dispose()
    {
        LibSsl.SSL_SESSION_free(_session);
        _session = null;
    }

    private static void Ask(SSL* ssl, ErrorMark mark)
    {
        Span<byte> answer = stackalloc byte[4096];
        fixed (byte* request = Request)
        fixed (byte* buffer = answer)
        {
            OpenSslException.ThrowIfFailed(LibSsl.SSL_write(ssl, request, Request.Length), mark);
            int count = LibSsl.SSL_read(ssl, buffer, answer.Length);
            OpenSslException.ThrowIfFailed(count, mark);
            if (!answer[..count].StartsWith(Success))
            {
                throw new BenchmarkException("a node did not answer 200.");
            }

            // The server closes.
            while (LibSsl.SSL_read(ssl, buffer, answer.Length) > 0)
            {
            }
        }
    }
}
