using System.Buffers;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A client and a server over memory; what comes from the client is looked at before the server has it.</summary>
internal sealed class WatchedPair : IDisposable
{
    private readonly List<byte> _fromClient = [];

    public WatchedPair(TlsContext server, TlsContext client, SessionCache cache, ClientSession? offer = null, Action? whenDone = null)
    {
        Client = MemoryTls.Client(client.Raw, Raw(offer));
        Server = MemoryTls.Server(server.Raw);
        LookAhead = new SessionLookAhead(cache, _ =>
        {
            Announced++;
            whenDone?.Invoke();
        });
    }

    public MemoryTls Client { get; }

    public MemoryTls Server { get; }

    public SessionLookAhead LookAhead { get; }

    /// <summary>How often it was said that the handshake is done.</summary>
    public int Announced { get; private set; }

    /// <summary>Looks at the first flight; it has not reached the server yet.</summary>
    public async Task<byte[]> LookAsync()
    {
        Client.Handshake();
        _fromClient.AddRange(Client.Send());
        byte[] hello = [.. _fromClient];
        return await LookAhead.LookAsync(new ReadOnlySequence<byte>(hello))
            ? hello
            : throw new InvalidOperationException("The hello is not whole.");
    }

    /// <summary>The rest of the handshake, and a byte, so that the tickets arrive.</summary>
    public void Finish()
    {
        bool clientIsDone = false;
        bool serverIsDone = false;
        Server.Receive(_fromClient.ToArray());
        for (int round = 0; round < 5 && !(clientIsDone && serverIsDone); round++)
        {
            serverIsDone = Server.Handshake();
            Client.Receive(Server.Send());
            clientIsDone = Client.Handshake();
            Server.Receive(Client.Send());
        }

        if (!serverIsDone && !Server.Handshake())
        {
            throw new InvalidOperationException("The handshake does not end.");
        }

        Server.Write("x"u8);
        Client.Receive(Server.Send());
        Client.Read(new byte[1]);
    }

    public async Task ConnectAsync()
    {
        await LookAsync();
        Finish();
    }

    public unsafe ClientSession TakeSession() => new((SSL_SESSION*)Client.TakeSession());

    public void Dispose()
    {
        Client.Dispose();
        Server.Dispose();
    }

    private static unsafe nint Raw(ClientSession? session) => session is null ? 0 : (nint)session.Pointer;
}
