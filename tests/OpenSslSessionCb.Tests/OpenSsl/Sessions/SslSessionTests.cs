using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a session says of itself, against what libssl says.</summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed unsafe class SslSessionTests(TlsProtocolVersion version) : LeakCheckedTests
{
    [Test]
    public void Properties_AfterAHandshake_AreLibsslsOwn()
    {
        using SslSession session = Capture(out _);
        var raw = (SSL_SESSION*)session.Detach();
        using SslSession owned = SslSession.Adopt((nint)raw);

        uint length;
        byte* id = LibSsl.SSL_SESSION_get_id(raw, &length);
        Assert.That(owned.Id.ToArray(), Is.EqualTo(new ReadOnlySpan<byte>(id, (int)length).ToArray()));
        Assert.That(owned.Id.Length, Is.EqualTo(32));
        byte* context = LibSsl.SSL_SESSION_get0_id_context(raw, &length);
        Assert.That(owned.IdContext, Is.EqualTo(new ReadOnlySpan<byte>(context, (int)length).ToArray()).And.EqualTo("osr"u8.ToArray()));
        Assert.That(owned.CreationTime.ToUnixTimeSeconds(), Is.EqualTo((long)LibSsl.SSL_SESSION_get_time(raw).Value));
        Assert.That(owned.CreationTime, Is.EqualTo(DateTimeOffset.UtcNow).Within(TimeSpan.FromSeconds(30)));
        Assert.That(
            owned.Timeout,
            Is.EqualTo(TimeSpan.FromSeconds(LibSsl.SSL_SESSION_get_timeout(raw).Value)).And.EqualTo(TimeSpan.FromSeconds(4321)));
        Assert.That(
            owned.ProtocolVersion, Is.EqualTo((TlsProtocolVersion)LibSsl.SSL_SESSION_get_protocol_version(raw)).And.EqualTo(version));
        Assert.That(
            owned.CipherName,
            Is.EqualTo(Marshal.PtrToStringUTF8((nint)LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_SESSION_get0_cipher(raw)))).And.Not.Empty);
        Assert.That(owned.IsResumable, Is.EqualTo(LibSsl.SSL_SESSION_is_resumable(raw) == 1).And.True);
    }

    [Test]
    public void AlpnProtocol_Negotiated_IsThere()
    {
        using SslSession session = Capture(out _);
        Assert.That(session.AlpnProtocol, Is.EqualTo("h2"u8.ToArray()));
    }

    [Test]
    public void AlpnProtocolAndHostName_SetOnTheSession_AreThere()
    {
        using SslSession session = Capture(out _);
        var raw = (SSL_SESSION*)session.Detach();
        using SslSession owned = SslSession.Adopt((nint)raw);
        fixed (byte* alpn = "http/1.1"u8, host = "bücher.example\0"u8)
        {
            LibSsl.SSL_SESSION_set1_alpn_selected(raw, alpn, 8);
            LibSsl.SSL_SESSION_set1_hostname(raw, host);
        }

        Assert.That(owned.AlpnProtocol, Is.EqualTo("http/1.1"u8.ToArray()));
        Assert.That(owned.HostName, Is.EqualTo("bücher.example"));
    }

    [Test]
    public void HostName_ClientSentOne_KeptIfAServerNameCallbackAcceptsIt([Values] bool accepted)
    {
        using SslSession session = Capture(
            out _, accepted ? null : static server => LibSsl.SSL_CTX_set_tlsext_servername_callback(server.Pointer, null));
        Assert.That(session.HostName, Is.EqualTo(accepted ? "farm.example" : null));
    }

    [Test]
    public void ExportPeerCertificate_MutualTls_TheClientsDer()
    {
        using SslSession session = Capture(out byte[] certificate);
        Assert.That(session.ExportPeerCertificate(), Is.EqualTo(certificate).And.Not.Empty);
    }

    [Test]
    public void ExportPeerCertificate_NoClientCertificate_Null()
    {
        using var scene = new TlsScene(version);
        SslSession? kept = null;
        using SessionAttachment attachment = SessionCallbacks.Attach(
            scene.Server, new StubHandler { OnNewDo = (_, session) => kept ??= session.ToOwned() });
        scene.Connect().Dispose();
        Assert.That(kept!.ExportPeerCertificate(), Is.Null);
        kept.Dispose();
    }

    [Test]
    public void TicketApplicationData_SetOnTheSession_IsThereAndSurvivesBytes()
    {
        using SslSession session = Capture(out _);
        Assert.That(session.TicketApplicationData, Is.Empty);
        var raw = (SSL_SESSION*)session.Detach();
        using SslSession owned = SslSession.Adopt((nint)raw);
        fixed (byte* data = "tenant 7"u8)
        {
            LibSsl.SSL_SESSION_set1_ticket_appdata(raw, data, 8);
        }

        using SslSession decoded = SslSession.FromBytes(owned.ToBytes());
        Assert.That(owned.TicketApplicationData, Is.EqualTo("tenant 7"u8.ToArray()));
        Assert.That(decoded.TicketApplicationData, Is.EqualTo("tenant 7"u8.ToArray()));
    }

    [Test]
    public void MaxEarlyData_AllowedOnTheContext_OnlyInTls13()
    {
        using SslSession session = Capture(out _, static server => LibSsl.SSL_CTX_set_max_early_data(server.Pointer, 4_000_000_000));
        Assert.That(session.MaxEarlyData, Is.EqualTo(version == TlsProtocolVersion.Tls13 ? 4_000_000_000 : 0));
    }

    [Test]
    public void ToString_AnySession_EightDigitsAndNoSecret()
    {
        SslSession session = Capture(out _);
        Assert.That(session.ToString(), Is.EqualTo($"{session.Id.ToHexString()[..8]} {version}"));
        session.Dispose();
        Assert.That(session.ToString(), Is.EqualTo("disposed"));
    }

    [Test]
    public void CreationTimeAndTimeout_BeyondWhatDotNetCanSay_TheNearestItCan()
    {
        using SslSession session = Capture(out _);
        var raw = (SSL_SESSION*)session.Detach();
        using SslSession owned = SslSession.Adopt((nint)raw);
        LibSsl.SSL_SESSION_set_time(raw, new CLong(nint.MaxValue / 2));
        LibSsl.SSL_SESSION_set_timeout(raw, new CLong(nint.MaxValue / 2));

        Assert.That(() => owned.CreationTime, Is.GreaterThan(new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.That(() => owned.Timeout, Is.GreaterThan(TimeSpan.FromDays(36500)));
    }

    private SslSession Capture(out byte[] clientCertificate, Action<TlsContext>? configure = null)
    {
        using var scene = new TlsScene(version, mutual: true);
        LibSsl.SSL_CTX_set_timeout(scene.Server.Pointer, new CLong(4321));
        LibSsl.SSL_CTX_set_alpn_select_cb(scene.Server.Pointer, &SelectFirst, null);
        LibSsl.SSL_CTX_set_tlsext_servername_callback(scene.Server.Pointer, &AcceptName);
        fixed (byte* protocols = "\u0002h2"u8)
        {
            LibSsl.SSL_CTX_set_alpn_protos(scene.Client.Pointer, protocols, 3);
        }

        configure?.Invoke(scene.Server);
        SslSession? kept = null;
        using SessionAttachment attachment = SessionCallbacks.Attach(
            scene.Server, new StubHandler { OnNewDo = (_, session) => kept ??= session.ToOwned() });
        using var pair = new TlsPair(scene.Server, scene.Client);
        fixed (byte* name = "farm.example\0"u8)
        {
            LibSsl.SSL_set_tlsext_host_name(pair.Client, name);
        }

        pair.Connect();
        X509* certificate = LibSsl.SSL_get_certificate(pair.Client);
        clientCertificate = new byte[LibCrypto.i2d_X509(certificate, null)];
        fixed (byte* start = clientCertificate)
        {
            byte* position = start;
            LibCrypto.i2d_X509(certificate, &position);
        }

        pair.Close();
        return kept!;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int SelectFirst(SSL* ssl, byte** selected, byte* selectedLength, byte* offered, uint length, void* argument)
    {
        *selected = offered + 1;
        *selectedLength = *offered;
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int AcceptName(SSL* ssl, int* alert, void* argument) => LibSsl.SSL_TLSEXT_ERR_OK;
}
