using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Reference;

/// <summary>A client and a server over memory, on one thread.</summary>
public sealed unsafe class TlsPair : IDisposable
{
    private readonly void* _pair;

    public TlsPair(TlsContext server, TlsContext client, ClientSession? offer = null)
    {
        _pair = Osr.osr_pair_new(server.Pointer, client.Pointer, offer is null ? null : offer.Pointer);
        if (_pair is null)
        {
            throw new InvalidOperationException($"osr_pair_new failed: {Marshal.PtrToStringUTF8((nint)Osr.osr_last_error())}");
        }
    }

    public SSL* Server => Osr.osr_pair_server(_pair);

    public SSL* Client => Osr.osr_pair_client(_pair);

    /// <summary>What libssl says on both ends, when they agree.</summary>
    public bool Resumed
    {
        get
        {
            bool server = LibSsl.SSL_session_reused(Server) == 1;
            bool client = LibSsl.SSL_session_reused(Client) == 1;
            return server == client
                ? server
                : throw new InvalidOperationException($"The server says reused={server}, the client {client}.");
        }
    }

    /// <summary>What SSL_get_servername says on the server.</summary>
    public string? ServerSeesHostName => Marshal.PtrToStringUTF8((nint)LibSsl.SSL_get_servername(Server, LibSsl.TLSEXT_NAMETYPE_host_name));

    public string Error => Marshal.PtrToStringUTF8((nint)Osr.osr_pair_error(_pair)) ?? "";

    /// <summary>Has the client name a host (SNI). Before the handshake.</summary>
    public void AskFor(string? hostName)
    {
        if (hostName is not null)
        {
            fixed (byte* name = Encoding.ASCII.GetBytes(hostName + '\0'))
            {
                _ = LibSsl.SSL_set_tlsext_host_name(Client, name);
            }
        }
    }

    public bool TryHandshake() => Osr.osr_pair_handshake(_pair) == 1;

    public void Exchange() => _ = Osr.osr_pair_exchange(_pair);

    /// <summary>Shakes hands and sends a byte each way, so that TLS 1.3 tickets arrive.</summary>
    public void Connect()
    {
        if (!TryHandshake() || Osr.osr_pair_exchange(_pair) != 1)
        {
            throw new InvalidOperationException($"The connection failed: {Error}");
        }
    }

    public void Close(CloseKind how = CloseKind.Notify) => _ = Osr.osr_pair_close(_pair, (int)how);

    /// <summary>What the client would offer next time; a copy.</summary>
    public ClientSession TakeClientSession() => new(Osr.osr_pair_client_session(_pair));

    public void Dispose() => Osr.osr_pair_free(_pair);
}

/// <summary>How a connection ends.</summary>
public enum CloseKind
{
    Notify,
    ServerFreed,
    TransportEnds,
    AlertSent,
    AlertReceived,
}
