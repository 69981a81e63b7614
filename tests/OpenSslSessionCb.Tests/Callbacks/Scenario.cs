using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>One row of "when each callback fires": a server and a client, and what they do.</summary>
public sealed unsafe class Scenario
{
    private readonly string _name;
    private readonly int _version;
    private readonly bool _stateful;
    private readonly bool _mutual;
    private readonly Action<TlsContext, TlsContext> _run;
    private readonly Action<TlsContext>? _configure;

    private Scenario(string name, int version, Action<TlsContext, TlsContext> run,
        bool stateful = true, bool mutual = false, bool silent = false, Action<TlsContext>? configure = null)
    {
        _name = name;
        _version = version;
        _run = run;
        _stateful = stateful;
        _mutual = mutual;
        _configure = configure;
        IsSilent = silent;
    }

    public static IEnumerable<Scenario> All =>
    [
        .. ForVersion("TLS 1.2", LibSsl.TLS1_2_VERSION),
        .. ForVersion("TLS 1.3", LibSsl.TLS1_3_VERSION),
        new("DTLS 1.2: full, then resumed", LibSsl.DTLS1_2_VERSION, FullThenResumed),
        new("TLS 1.2: tickets on", LibSsl.TLS1_2_VERSION, FullThenResumed, stateful: false, silent: true),
        new("TLS 1.3: stateless tickets", LibSsl.TLS1_3_VERSION, FullThenResumed, stateful: false),
        new("TLS 1.3: three tickets", LibSsl.TLS1_3_VERSION, FullThenResumed,
            configure: static server => LibSsl.SSL_CTX_set_num_tickets(server.Pointer, 3)),
        new("TLS 1.3: no tickets", LibSsl.TLS1_3_VERSION, static (server, client) => Connect(server, client, null)?.Dispose(), silent: true,
            configure: static server => LibSsl.SSL_CTX_set_num_tickets(server.Pointer, 0)),
        new("TLS 1.3: early data allowed, libssl guards against replay", LibSsl.TLS1_3_VERSION, FullThenResumed,
            configure: static server => LibSsl.SSL_CTX_set_max_early_data(server.Pointer, 100)),
        new("TLS 1.2 server, client of any version: a random legacy id", LibSsl.TLS1_2_VERSION, static (server, _) =>
        {
            using TlsContext client = TlsContext.Client(0);
            Connect(server, client, null)?.Dispose();
        }),
        new("Mode off: get is still called", LibSsl.TLS1_2_VERSION, static (server, client) =>
        {
            using ClientSession? session = Connect(server, client, null);
            LibSsl.SSL_CTX_set_session_cache_mode(server.Pointer, LibSsl.SSL_SESS_CACHE_OFF | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
            Connect(server, client, session)?.Dispose();
        }),
        new("Internal cache of one: an eviction, and the rest when the context is freed", LibSsl.TLS1_2_VERSION, static (server, client) =>
        {
            for (int i = 0; i < 3; i++)
            {
                Connect(server, client, null)?.Dispose();
            }
        }, configure: static server =>
        {
            LibSsl.SSL_CTX_set_session_cache_mode(server.Pointer, LibSsl.SSL_SESS_CACHE_SERVER);
            LibSsl.SSL_CTX_sess_set_cache_size(server.Pointer, 1);
        }),
        new("TLS 1.3: a HelloRetryRequest, full, then resumed", LibSsl.TLS1_3_VERSION, static (server, client) =>
        {
            using ClientSession? session = Connect(server, client, null);
            SetGroups(client, "P-256:P-384\0"u8);
            SetGroups(server, "P-384\0"u8);
            Connect(server, client, session)?.Dispose();
        }),
        new("TLS 1.3: client authentication after the handshake", LibSsl.TLS1_3_VERSION, static (server, client) =>
        {
            LibSsl.SSL_CTX_set_post_handshake_auth(client.Pointer, 1);
            using var pair = new TlsPair(server, client);
            pair.Connect();
            LibSsl.SSL_set_verify(pair.Server, LibSsl.SSL_VERIFY_PEER, null);
            LibSsl.SSL_verify_client_post_handshake(pair.Server);
            LibSsl.SSL_do_handshake(pair.Server);
            pair.Exchange();
            pair.Exchange();
            pair.Close();
        }, mutual: true, configure: static server => LibSsl.SSL_CTX_set_verify(server.Pointer, LibSsl.SSL_VERIFY_NONE, null)),
        new("TLS 1.2: a ticket that this context cannot decrypt", LibSsl.TLS1_2_VERSION, static (server, client) =>
        {
            using TlsContext other = TlsContext.Server(LibSsl.TLS1_2_VERSION);
            using ClientSession? session = Connect(other, client, null);
            Connect(server, client, session)?.Dispose();
        }, stateful: false, silent: true),
        .. OpenSslLibrary.Supports(OpenSslFeature.NewSessionTicket) ? [AnotherTicket()] : Array.Empty<Scenario>(),
        new("Internal cache: the second process's part, flushed", LibSsl.TLS1_2_VERSION, static (server, client) =>
        {
            Connect(server, client, null)?.Dispose();
            LibSsl.SSL_CTX_flush_sessions(server.Pointer, new CLong(0));
        }, configure: static server => LibSsl.SSL_CTX_set_session_cache_mode(server.Pointer, LibSsl.SSL_SESS_CACHE_SERVER)),
    ];

    /// <summary>No callback fires.</summary>
    public bool IsSilent { get; }

    public TlsContext Server()
    {
        TlsContext server = TlsContext.Server(_version, mutual: _mutual);
        if (_stateful)
        {
            Osr.osr_ctx_external_sessions(server.Pointer);
        }

        _configure?.Invoke(server);
        return server;
    }

    public TlsContext Client() => TlsContext.Client(_version, _mutual);

    public void Run(TlsContext server, TlsContext client) => _run(server, client);

    public override string ToString() => _name;

    private static IEnumerable<Scenario> ForVersion(string name, int version)
    {
        yield return new Scenario($"{name}: full, then resumed", version, FullThenResumed);
        yield return new Scenario($"{name}: full, then resumed, with a client certificate", version, FullThenResumed, mutual: true);
        foreach (CloseKind how in Enum.GetValues<CloseKind>())
        {
            yield return new Scenario($"{name}: closed by {how}, then offered again", version, (server, client) =>
            {
                using ClientSession? session = Connect(server, client, null, how);
                Connect(server, client, session)?.Dispose();
            });
        }

        yield return new Scenario($"{name}: resumed twice from one session", version, static (server, client) =>
        {
            using ClientSession? session = Connect(server, client, null);
            Connect(server, client, session)?.Dispose();
            Connect(server, client, session)?.Dispose();
        });
    }

    private static Scenario AnotherTicket() => new(
        "TLS 1.3: another ticket, asked for by the server",
        LibSsl.TLS1_3_VERSION,
        static (server, client) =>
        {
            using var pair = new TlsPair(server, client);
            pair.Connect();
            LibSsl.SSL_new_session_ticket(pair.Server);
            LibSsl.SSL_do_handshake(pair.Server);
            pair.Exchange();
            pair.Close();
        });

    private static void SetGroups(TlsContext context, ReadOnlySpan<byte> groups)
    {
        const int SSL_CTRL_SET_GROUPS_LIST = 92;
        fixed (byte* list = groups)
        {
            LibSsl.SSL_CTX_ctrl(context.Pointer, SSL_CTRL_SET_GROUPS_LIST, default, list);
        }
    }

    private static void FullThenResumed(TlsContext server, TlsContext client)
    {
        using ClientSession? session = Connect(server, client, null);
        Connect(server, client, session)?.Dispose();
    }

    private static ClientSession? Connect(TlsContext server, TlsContext client, ClientSession? offer, CloseKind how = CloseKind.Notify)
    {
        using var pair = new TlsPair(server, client, offer);
        if (!pair.TryHandshake())
        {
            return null;
        }

        pair.Exchange();
        ClientSession session = pair.TakeClientSession();
        pair.Close(how);
        return session;
    }
}
