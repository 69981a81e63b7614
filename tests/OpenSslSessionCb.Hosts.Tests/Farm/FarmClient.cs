using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>A client that connects again and again, each time with the session that it was given last. For one thread at a time.</summary>
internal sealed unsafe class FarmClient(FarmTls tls) : IDisposable
{
    private const int PatienceInMilliseconds = 30_000;

    private SSL_SESSION* _session;

    /// <summary>A handshake, a request, its answer, close_notify. Never throws what a node can cause.</summary>
    internal FarmVisit Visit(IPEndPoint node)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
            ReceiveTimeout = PatienceInMilliseconds,
            SendTimeout = PatienceInMilliseconds,
        };
        try
        {
            socket.Connect(node);
        }
        catch (SocketException exception)
        {
            return new FarmVisit("no connection: " + exception.Message, HasOffered: false, IsResumed: false);
        }

        bool offers = _session is not null && LibSsl.SSL_SESSION_is_resumable(_session) != 0;
        SSL* ssl = tls.Connect((int)socket.Handle, offers ? _session : null);
        try
        {
            string? failure = Talk(ssl);
            bool isResumed = LibSsl.SSL_session_reused(ssl) != 0;
            if (failure is null)
            {
                Keep(LibSsl.SSL_get1_session(ssl));
            }

            return new FarmVisit(failure, offers, isResumed);
        }
        finally
        {
            LibSsl.SSL_free(ssl);
        }
    }

    public void Dispose() => Keep(null);

    private static string? Talk(SSL* ssl)
    {
        var clock = Stopwatch.StartNew();
        LibCrypto.ERR_clear_error();
        int result;
        do
        {
            result = LibSsl.SSL_connect(ssl);
        }
        while (result <= 0 && IsInterrupted(ssl, result, clock));
        if (result != 1)
        {
            return "handshake: " + Reason();
        }

        ReadOnlySpan<byte> request = "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8;
        fixed (byte* bytes = request)
        {
            do
            {
                result = LibSsl.SSL_write(ssl, bytes, request.Length);
            }
            while (result <= 0 && IsInterrupted(ssl, result, clock));
            if (result <= 0)
            {
                return "request: " + Reason();
            }
        }

        // The ticket of TLS 1.3 comes before the answer, whose last line is "pid: 4711".
        var answer = new StringBuilder();
        byte* buffer = stackalloc byte[4096];
        while (!answer.ToString().Contains("\npid: ", StringComparison.Ordinal))
        {
            do
            {
                result = LibSsl.SSL_read(ssl, buffer, 4096);
            }
            while (result <= 0 && IsInterrupted(ssl, result, clock));
            if (result <= 0)
            {
                return "answer: " + Reason();
            }

            answer.Append(Encoding.Latin1.GetString(buffer, result));
        }

        _ = LibSsl.SSL_shutdown(ssl);
        bool isReused = LibSsl.SSL_session_reused(ssl) != 0;
        return answer.ToString().Contains(isReused ? "reused: yes\n" : "reused: no\n", StringComparison.Ordinal)
            ? null
            : "the node sees it otherwise: " + answer;
    }

    /// <summary>
    /// Whether a signal has ended the call: a child of another test's has ended, for example. Calls of a socket that has a timeout are not
    /// begun again by the kernel.
    /// </summary>
    private static bool IsInterrupted(SSL* ssl, int result, Stopwatch clock) =>
        LibSsl.SSL_get_error(ssl, result) is LibSsl.SSL_ERROR_WANT_READ or LibSsl.SSL_ERROR_WANT_WRITE
        && clock.ElapsedMilliseconds < PatienceInMilliseconds;

    private static string Reason()
    {
        string reason = Marshal.PtrToStringUTF8((nint)LibCrypto.ERR_reason_error_string(LibCrypto.ERR_peek_error()))
            ?? $"hung up or late ({Marshal.GetLastSystemError()})";
        LibCrypto.ERR_clear_error();
        return reason;
    }

    private void Keep(SSL_SESSION* session)
    {
        LibSsl.SSL_SESSION_free(_session);
        _session = session;
    }
}
