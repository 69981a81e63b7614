using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>Speaks HTTP/1.1 over an SslStream.</summary>
internal sealed class TlsClient : IDisposable
{
    private readonly Socket _socket;
    private readonly SslStream _stream;

    private TlsClient(Socket socket)
    {
        _socket = socket;
        _stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
    }

    internal static async Task<TlsClient> ConnectAsync(IPEndPoint server, X509Certificate2? certificate = null)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        TlsClient? client = null;
        try
        {
            await socket.ConnectAsync(server, patience.Token);
            client = new TlsClient(socket);
            await client._stream.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    RemoteCertificateValidationCallback = static (_, _, _, _) => true,
                    // Each of them shall be a client that the server has never seen.
                    AllowTlsResume = false,
                    ClientCertificates = certificate is null ? null : [certificate],
                },
                patience.Token);
            return client;
        }
        catch
        {
            client?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    internal async Task SendAsync(string text)
    {
        await _stream.WriteAsync(Encoding.Latin1.GetBytes(text));
        await _stream.FlushAsync();
    }

    /// <summary>Sends a request whose lines end as they should, and reads the answer.</summary>
    internal async Task<HttpResponse> AskAsync(string requestLine, params string[] headers)
    {
        await SendAsync(string.Join("\r\n", [requestLine, "Host: localhost", .. headers, "", ""]));
        return await ReadResponseAsync(hasBody: !requestLine.StartsWith("HEAD ", StringComparison.Ordinal));
    }

    internal async Task<HttpResponse> ReadResponseAsync(bool hasBody = true)
    {
        var head = new StringBuilder();
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            head.Append(await ReadAsync(1));
        }

        var response = new HttpResponse(int.Parse(head.ToString(9, 3), CultureInfo.InvariantCulture), head.ToString(), "");
        int length = int.Parse(response.Header("Content-Length")!, CultureInfo.InvariantCulture);
        return hasBody ? response with { Body = await ReadAsync(length) } : response;
    }

    /// <summary>Whether the server ends the connection now, with nothing more to say.</summary>
    internal async Task<bool> IsClosedByServerAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        return await _stream.ReadAsync(new byte[1], patience.Token) == 0;
    }

    internal async Task<JsonElement> StatisticsAsync()
    {
        HttpResponse response = await AskAsync("GET /stats HTTP/1.1");
        using JsonDocument document = JsonDocument.Parse(response.Body);
        return document.RootElement.Clone();
    }

    /// <summary>Cuts the connection as a crash would: the server gets a reset.</summary>
    internal void Reset() => _socket.Close(timeout: 0);

    public void Dispose() => _stream.Dispose();

    private async Task<string> ReadAsync(int length)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var bytes = new byte[length];
        await _stream.ReadExactlyAsync(bytes, patience.Token);
        return Encoding.UTF8.GetString(bytes);
    }
}
