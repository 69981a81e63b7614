using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A name that leads elsewhere than a moment ago, when a session was resumed by where it led.</summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
[Platform("Linux")]
public sealed unsafe class FollowedNameEndTests(int version) : LeakCheckedTests
{
    private static readonly ProcessAttachOptions s_follows = new()
    {
        RequireSslStream = false,
        ReplacesHostCallbacks = true,
        ChangesAfterHello = true,
    };

    private static SSL_CTX* s_leadsTo;

    [TestCase(true, Description = "The site demands a client certificate: nobody gets past that check by a session from before.")]
    [TestCase(false)]
    public void Resumed_ThenTheNameLeadsElsewhere_GoesOnOnlyWhereNobodyIsAskedForACertificate(bool mutual)
    {
        using SessionKeyRing ring = SessionKeyRing.Generate();
        var cache = new SessionCache(new MemorySessionStore(), new SessionCacheOptions { KeyRing = ring });
        using ProcessAttachment attachment = cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version, rsa: !mutual, mutual: mutual);
        LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, &OnServerName);
        s_leadsTo = server.Pointer;
        using (ClientSession session = Connect(server, null, out _)!)
        {
            Connect(server, session, out bool resumedBefore)?.Dispose();
            Assert.That(resumedBefore, Is.True, "or it resumes nowhere, and the test proves nothing");
            s_leadsTo = site.Pointer;

            ClientSession? next = Connect(server, session, out bool resumed);
            next?.Dispose();
            Assert.That((next is not null, resumed), Is.EqualTo((!mutual, !mutual)));

            // What was learnt about the name is forgotten: the next one is a full handshake, and succeeds.
            ClientSession? last = Connect(server, session, out bool resumedAfter);
            last?.Dispose();
            Assert.That((last is not null, resumedAfter), Is.EqualTo((true, false)));
        }

        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Test]
    public void Moved_AndNobodyTold_SessionIsNotKeptForWhereItsConnectionBegan()
    {
        var cache = new SessionCache(new MemorySessionStore());
        using ProcessAttachment attachment = cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        using TlsContext site = TlsContext.Server(version, rsa: true);
        LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, &MoveInSilence);
        s_leadsTo = site.Pointer;
        Connect(server, null, out _)?.Dispose();

        Assert.That(cache.Statistics.NotKept, Is.EqualTo(cache.Statistics.New).And.GreaterThan(0));
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [TestCase(false, Description = "A full handshake there refuses this client.")]
    [TestCase(true, Description = "A full handshake there accepts it, though other clients too.")]
    public void Site_OfTheSameCertificateButOtherTrust_ResumesWhomItAcceptsOnly(bool accepts)
    {
        var cache = new SessionCache(new MemorySessionStore());
        using ProcessAttachment attachment = cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version, mutual: true);
        using TlsContext site = TlsContext.Server(version, mutual: true);
        using TlsContext another = TlsContext.Server(version, rsa: true);
        X509* certificate = LibSsl.SSL_CTX_get0_certificate(server.Pointer);
        Assert.That(LibSsl.SSL_CTX_use_certificate(site.Pointer, certificate), Is.EqualTo(1), "the same, byte for byte and in memory");
        if (!accepts)
        {
            LibSsl.SSL_CTX_set_cert_store(site.Pointer, LibCrypto.X509_STORE_new());
        }

        X509* ca = LibSsl.SSL_CTX_get0_certificate(another.Pointer);
        Assert.That(LibCrypto.X509_STORE_add_cert(LibSsl.SSL_CTX_get_cert_store(site.Pointer), ca), Is.EqualTo(1));
        LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, &OnServerName);
        s_leadsTo = server.Pointer;
        using ClientSession session = Connect(server, null, out _)!;
        Connect(server, session, out bool resumes)?.Dispose();
        s_leadsTo = site.Pointer;

        // The first goes where the name led before, and is judged there; then the name is forgotten, and the next is a full handshake.
        (bool Connects, bool Resumes)[] visits = new (bool, bool)[3];
        for (int i = 0; i < visits.Length; i++)
        {
            using ClientSession? made = Connect(server, session, out visits[i].Resumes);
            visits[i].Connects = made is not null;
        }

        Assert.That(resumes, Is.True, "or it resumes nowhere, and the test proves nothing");
        Assert.That(visits, Is.EqualTo(accepts ? [(true, true), (true, false), (true, true)] : new (bool, bool)[3]));
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [Test]
    public void Session_WithoutCertificate_WhereTheHostAsksForNamesAndSharesThem_Resumes()
    {
        // What cannot be remembered is asked again once the host has had its say: also of a client that has nothing to be asked about.
        var options = new SessionCacheOptions { ShareSessionsWithoutClientCertificate = true };
        var cache = new SessionCache(new MemorySessionStore(), options);
        using ProcessAttachment attachment = cache.AttachToProcess(s_follows);
        using TlsContext server = TlsContext.Server(version);
        LibSsl.SSL_CTX_set_verify(server.Pointer, LibSsl.SSL_VERIFY_PEER, null);
        LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, &OnServerNameThatDemandsAName);
        s_leadsTo = server.Pointer;
        using ClientSession session = Connect(server, null, out _, withCertificate: false)!;
        using ClientSession? next = Connect(server, session, out bool resumed, withCertificate: false);

        Assert.That((next is not null, resumed), Is.EqualTo((true, true)));
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerNameThatDemandsAName(SSL* ssl, int* alert, void* argument)
    {
        fixed (byte* name = "client.example\0"u8)
        {
            _ = Osr.osr_demand_client_name(ssl, name);
        }

        return ProcessAttachment.OnServerName(ssl) ? LibSsl.SSL_TLSEXT_ERR_OK : LibSsl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int MoveInSilence(SSL* ssl, int* alert, void* argument)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, s_leadsTo);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int OnServerName(SSL* ssl, int* alert, void* argument)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, s_leadsTo);
        LibSsl.SSL_set_verify(ssl, LibSsl.SSL_CTX_get_verify_mode(s_leadsTo), null);
        return ProcessAttachment.OnServerName(ssl) ? LibSsl.SSL_TLSEXT_ERR_OK : LibSsl.SSL_TLSEXT_ERR_ALERT_FATAL;
    }

    /// <summary>Null: the handshake failed.</summary>
    private ClientSession? Connect(TlsContext server, ClientSession? offer, out bool resumed, bool withCertificate = true)
    {
        using TlsContext client = TlsContext.Client(version, withCertificate);
        using var pair = new TlsPair(server, client, offer);
        pair.AskFor("site.example");
        resumed = false;
        if (!pair.TryHandshake())
        {
            return null;
        }

        pair.Exchange();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }
}
