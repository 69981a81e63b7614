using System.Net.Sockets;
using System.Text;
using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>Connects to servers with one version of TLS, and takes home the sessions that they give.</summary>
internal sealed class CheckClient(SafeTlsContext context, TlsVersions version, CheckOptions options)
{
    private static readonly TimeSpan s_ticketTime = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_answerTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_closingTime = TimeSpan.FromMilliseconds(200);

    /// <summary>Never throws what a server can cause.</summary>
    internal async Task<CheckVisit> VisitAsync(PeerAddress peer, SafeTlsSession? offered, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Timeout);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using var connection = new TlsConnection(socket, new TlsEngine(context, isServer: false));
        try
        {
            connection.Engine.AskFor(options.HostName ?? peer.HostName);
            offered?.OfferOn(connection.Engine);
            await socket.ConnectAsync(peer.Host, peer.Port, deadline.Token);
            await connection.HandshakeAsync(deadline.Token);
            await WaitForTicketAsync(connection, peer, cancellationToken);
            CheckVisit visit = Describe(connection.Engine);
            await connection.CloseAsync(s_closingTime);
            return visit;
        }
        catch (TlsFailedException exception)
        {
            bool isVersion = exception.Message.Contains("alert protocol version", StringComparison.Ordinal)
                || exception.Message == "unsupported protocol";
            return new CheckVisit(isVersion ? CheckProgress.VersionNotSpoken : CheckProgress.Failed)
            {
                Problem = exception.Message == "wrong version number" ? "it does not speak TLS" : exception.Message,
            };
        }
        catch (SocketException exception)
        {
            return new CheckVisit(CheckProgress.Failed) { Problem = exception.Message.ToLowerInvariant() };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new CheckVisit(CheckProgress.Failed) { Problem = $"no answer within {options.Timeout.TotalSeconds:0} s" };
        }
    }

    /// <summary>In TLS 1.3 tickets come after the handshake, from some servers with their first data only.</summary>
    private async Task WaitForTicketAsync(TlsConnection connection, PeerAddress peer, CancellationToken cancellationToken)
    {
        if (version != TlsVersions.Tls13
            || TlsFacts.Of(connection.Engine).IsReused || await ReadTicketAsync(connection, s_ticketTime, cancellationToken))
        {
            return;
        }

        await connection.WriteAsync(Encoding.ASCII.GetBytes($"HEAD / HTTP/1.0\r\nHost: {options.HostName ?? peer.Host}\r\n\r\n"));
        await ReadTicketAsync(connection, s_answerTime, cancellationToken);
    }

    /// <summary>True: there is nothing more to wait for.</summary>
    private static async Task<bool> ReadTicketAsync(TlsConnection connection, TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        var data = new byte[4096];
        try
        {
            while (FormOf(connection.Engine) == SessionForm.None)
            {
                if (!await connection.TakeInAsync(data, deadline.Token))
                {
                    break;
                }
            }

            return true;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false;
        }
        catch (TlsFailedException exception) when (!exception.Message.Contains("alert", StringComparison.Ordinal))
        {
            // Hung up without close_notify. An alert is another matter: that is how a client is turned down in TLS 1.3.
            return true;
        }
        catch (SocketException)
        {
            return true;
        }
    }

    private static CheckVisit Describe(TlsEngine engine)
    {
        SessionForm form = FormOf(engine);
        return new CheckVisit(CheckProgress.Connected)
        {
            IsResumed = TlsFacts.Of(engine).IsReused,
            Form = form,
            Session = form == SessionForm.None ? null : SafeTlsSession.Of(engine),
        };
    }

    private static unsafe SessionForm FormOf(TlsEngine engine) => SessionForms.Of(engine.Pointer);
}
