using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>One SSL_CTX may serve connections of both sides, and libssl calls the same functions for both.</summary>
public sealed unsafe class ClientConnectionTests : LeakCheckedTests
{
    [TestCase(TlsProtocolVersion.Tls12, 1)]
    [TestCase(TlsProtocolVersion.Tls13, 2)]
    public void NewCallback_ContextOfBothSides_OnlyTheServersSessionsAreShown(TlsProtocolVersion version, int perHandshake)
    {
        using TlsContext both = ForBothSides(version);
        var sides = new List<int>();
        var handler = new StubHandler { OnNewDo = (ssl, _) => sides.Add(LibSsl.SSL_is_server((SSL*)ssl.DangerousGetHandle())) };
        using SessionAttachment attachment = SessionCallbacks.Attach(both, handler);
        using var pair = new TlsPair(both, both);
        pair.Connect();
        pair.Close();

        Assert.That(sides, Has.Exactly(perHandshake).Items.And.All.EqualTo(1));
    }

    [Test]
    public void NewCallback_ClientConnection_WhatWasSetBeforeUsStillSeesIt()
    {
        using TlsContext both = ForBothSides(TlsProtocolVersion.Tls12);
        using var earlier = new ReferenceCache();
        earlier.Attach(both);
        var sides = 0;
        LibSsl.SSL_CTX_sess_set_new_cb(both.Pointer, &CountClients);
        s_clients = 0;
        using SessionAttachment attachment = SessionCallbacks.Attach(both, new StubHandler { OnNewDo = (_, _) => sides++ });
        using var pair = new TlsPair(both, both);
        pair.Connect();
        pair.Close();

        Assert.That((sides, s_clients), Is.EqualTo((1, 1)));
    }

    private static int s_clients;

    [System.Runtime.InteropServices.UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int CountClients(SSL* ssl, SSL_SESSION* session)
    {
        s_clients += LibSsl.SSL_is_server(ssl) == 0 ? 1 : 0;
        return 0;
    }

    private static TlsContext ForBothSides(TlsProtocolVersion version)
    {
        using TlsContext server = TlsContext.Server((int)version);
        SSL_CTX* ctx = LibSsl.SSL_CTX_new(LibSsl.TLS_method());
        LibSsl.SSL_CTX_use_certificate(ctx, LibSsl.SSL_CTX_get0_certificate(server.Pointer));
        LibSsl.SSL_CTX_use_PrivateKey(ctx, LibSsl.SSL_CTX_get0_privatekey(server.Pointer));
        LibSsl.SSL_CTX_set_min_proto_version(ctx, (int)version);
        LibSsl.SSL_CTX_set_max_proto_version(ctx, (int)version);
        TlsContext both = TlsContext.Adopt(ctx);
        Osr.osr_ctx_external_sessions(ctx);
        LibSsl.SSL_CTX_set_session_cache_mode(ctx, LibSsl.SSL_SESS_CACHE_BOTH | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
        return both;
    }
}
