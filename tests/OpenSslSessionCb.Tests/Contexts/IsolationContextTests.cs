using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What nodes that are set up alike may differ in.</summary>
public sealed unsafe class IsolationContextTests : LeakCheckedTests
{
    [Test]
    public void Compute_TrustedCertificatesOfOneNameLoadedInAnotherOrder_IsTheSame()
    {
        using TlsContext first = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        using TlsContext second = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        using TlsContext rsa = TlsContext.Server(LibSsl.TLS1_3_VERSION, rsa: true);
        X509* one = LibSsl.SSL_CTX_get0_certificate(first.Pointer);
        X509* other = LibSsl.SSL_CTX_get0_certificate(rsa.Pointer);
        Trust(first, one, other);
        Trust(second, other, one);

        Assert.That(IsolationContext.Compute(second.Raw, "shop"), Is.EqualTo(IsolationContext.Compute(first.Raw, "shop")));
        Assert.That(Certificates.Trusted(first.Pointer), Has.Count.EqualTo(2));
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

    private static void Trust(TlsContext context, X509* first, X509* second)
    {
        LibSsl.SSL_CTX_set_verify(context.Pointer, LibSsl.SSL_VERIFY_PEER, null);
        X509_STORE* store = LibSsl.SSL_CTX_get_cert_store(context.Pointer);
        Assert.That(LibCrypto.X509_STORE_add_cert(store, first) + LibCrypto.X509_STORE_add_cert(store, second), Is.EqualTo(2));
    }
}
