using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What nodes that are set up alike may differ in.</summary>
public sealed unsafe class IsolationContextTests : LeakCheckedTests
{
    [Test]
    public void Compute_FlagsBesideTheDemand_AreTheSame()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        X509* certificate = LibSsl.SSL_CTX_get0_certificate(server.Pointer);
        byte[] asks = IsolationContext.Compute(certificate, LibSsl.SSL_VERIFY_PEER, "shop");

        int demands = LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT | LibSsl.SSL_VERIFY_CLIENT_ONCE;
        Assert.That(IsolationContext.Compute(certificate, demands, "shop"), Is.EqualTo(asks));
        Assert.That(IsolationContext.Compute(certificate, LibSsl.SSL_VERIFY_NONE, "shop"), Is.Not.EqualTo(asks));
        Assert.That(IsolationContext.Compute(null, LibSsl.SSL_VERIFY_PEER, "shop"), Is.Not.EqualTo(asks));
        Assert.That(IsolationContext.Compute(certificate, LibSsl.SSL_VERIFY_PEER, "bank"), Is.Not.EqualTo(asks));
    }

    [Test]
    public void Detach_HostHadForbiddenTickets_TheyStayForbidden()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        ContextSetup.Options(server, LibSsl.SSL_OP_NO_TICKET);
        ContextView before = ContextView.Of(server);
        var cache = new SessionCache(new MemorySessionStore());
        cache.Attach(server).Dispose();

        Assert.That(ContextView.Of(server), Is.EqualTo(before));
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }
}
