using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>Kestrel with AddOpenSslSessionCache, and nothing else said: what comes in, in whatever form, and what is known of it.</summary>
[TestFixture("1.2")]
[TestFixture("1.3")]
[Platform("Linux")]
public sealed class KestrelLookAheadTests(string version)
{
    private TemporaryFolder _folder = null!;
    private ObservedStore _store = null!;

    // Warming up asks too.
    private int _getsAtStart;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _store = new ObservedStore { Traits = SessionStoreTraits.None };
    }

    [TearDown]
    public async Task DeleteFolder()
    {
        await _store.DisposeAsync();
        _folder.Dispose();
    }

    [TestCase("whole")]
    [TestCase("byte by byte")]
    [TestCase("in records of 3 bytes")]
    [TestCase("header and body")]
    public async Task Hello_HoweverItIsCut_ResumesAndItIsKnown(string form)
    {
        await using WebApplication app = await StartAsync();
        using var client = new RawTlsClient(version);
        using RawTlsVisit first = await client.VisitAsync(app.EndPoint(), cut: hello => Cut(hello, form));
        await WrittenAsync(1);
        using RawTlsVisit second = await client.VisitAsync(app.EndPoint(), first, hello => Cut(hello, form));

        Assert.That((first.Resumed, second.Resumed), Is.EqualTo((false, true)));
        Assert.That(first.Answer, Does.Contain("resumed False"));
        Assert.That(second.Answer, Does.Contain("resumed True"));
        Assert.That(_store.Gets - _getsAtStart, Is.EqualTo(1));
    }

    [TestCase(16_000, "resumed True")]
    [TestCase(21_000, "resumed ,", Description = "longer than what is looked at; it resumes all the same")]
    public async Task Hello_Of16Kilobytes_Resumes(int length, string known)
    {
        // "http/1.1", and names that nobody knows.
        byte[] alpn =
            [8, .. "http/1.1"u8, .. Enumerable.Repeat((byte[])[99, .. new byte[99]], length / 100).SelectMany(static name => name)];
        await using WebApplication app = await StartAsync();
        using var client = new RawTlsClient(version, alpn: alpn);
        using RawTlsVisit first = await client.VisitAsync(app.EndPoint());
        await WrittenAsync(1);
        using RawTlsVisit second = await client.VisitAsync(app.EndPoint(), first);

        Assert.That(second.Resumed);
        Assert.That(second.Answer, Does.Contain(known));
    }

    [Test]
    public async Task Hello_ThatNeverEnds_IsEndedByKestrelsOwnTimeout()
    {
        await using WebApplication app = await StartAsync(configure: static (kestrel, certificate) =>
            kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(https =>
            {
                https.ServerCertificate = certificate;
                https.HandshakeTimeout = TimeSpan.FromSeconds(1);
            })));
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(app.EndPoint());
        await socket.SendAsync((byte[])[22, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3]);

        // Kestrel closes it; an alert may come before.
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var buffer = new byte[100];
        while (await socket.ReceiveAsync(buffer, patience.Token) > 0)
        {
        }
    }

    [Test]
    public async Task Tls12Ticket_OfAnotherServer_WithItsId_IsAFullHandshake()
    {
        if (version != "1.2")
        {
            Assert.Ignore("A ticket and an id in one hello: TLS 1.2.");
        }

        await using WebApplication stranger = KestrelApp.Build(_folder, static _ => { });
        await stranger.StartAsync();
        await SClient.GetAsync(stranger.EndPoint(), "-tls1_2", "-sess_out", _folder["session"]);
        await using WebApplication app = await StartAsync();
        string page = await SClient.GetAsync(app.EndPoint(), "-tls1_2", "-sess_in", _folder["session"]);

        Assert.That(page, Does.Contain("New, TLSv1.2").And.Contain("resumed False"));
        Assert.That(_store.Gets - _getsAtStart, Is.Zero, "the id is none of this farm's");
    }

    [Test]
    public async Task SeveralIdentities_ThatTheClientOffers_ResumeTheOneThatIsKnown()
    {
        if (version != "1.3")
        {
            Assert.Ignore("Identities: TLS 1.3.");
        }

        await using WebApplication app = await StartAsync();
        await SClient.GetAsync(app.EndPoint(), "-tls1_3", "-sess_out", _folder["session"]);
        await WrittenAsync(1);
        await SClient.GetAsync(app.EndPoint(), "-tls1_3", "-sess_out", _folder["other"]);
        await WrittenAsync(2);
        string page = await SClient.GetAsync(
            app.EndPoint(), "-tls1_3", "-sess_in", _folder["session"], "-psk_session", _folder["other"], "-psk_identity",
            new string('i', 32));

        Assert.That(page, Does.Contain("Reused, TLSv1.3").And.Contain("resumed True"));
        Assert.That(_store.Gets - _getsAtStart, Is.EqualTo(1));
    }

    [Test]
    public async Task LookAhead_False_ResumesAsBeforeAndNothingIsKnown()
    {
        await using WebApplication app = await StartAsync(static options => options.LookAhead = false);
        using var client = new RawTlsClient(version);
        using RawTlsVisit first = await client.VisitAsync(app.EndPoint());
        await WrittenAsync(1);
        using RawTlsVisit second = await client.VisitAsync(app.EndPoint(), first);

        Assert.That(second.Resumed);
        Assert.That(second.Answer, Does.Contain("resumed ,"));
    }

    [Test]
    public async Task Metrics_OfKestrel_HaveTheTag()
    {
        var resumed = new ConcurrentQueue<object?>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Name == "kestrel.connection.duration")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, state) =>
        {
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "tls.resumed")
                {
                    resumed.Enqueue(tag.Value);
                }
            }
        });
        listener.Start();
        await using WebApplication app = await StartAsync();
        using var client = new RawTlsClient(version);
        using RawTlsVisit first = await client.VisitAsync(app.EndPoint());
        await WrittenAsync(1);
        using RawTlsVisit second = await client.VisitAsync(app.EndPoint(), first);
        await app.StopAsync();

        Assert.That(resumed, Is.EquivalentTo(new object[] { false, true }));
    }

    [Test]
    public async Task UnixSocket_Tls_Resumes()
    {
        string path = _folder["socket"];
        await using WebApplication app = await StartAsync(
            configure: (kestrel, certificate) => kestrel.ListenUnixSocket(path, endpoint => endpoint.UseHttps(certificate)));
        using var client = new RawTlsClient(version);
        var server = new UnixDomainSocketEndPoint(path);
        using RawTlsVisit first = await client.VisitAsync(server);
        await WrittenAsync(1);
        using RawTlsVisit second = await client.VisitAsync(server, first);

        Assert.That(second.Answer, Does.Contain("resumed True"));
    }

    private static IEnumerable<byte[]> Cut(byte[] hello, string form) => form switch
    {
        "byte by byte" => hello.Chunk(1),
        "header and body" => [hello[..5], hello[5..]],
        "in records of 3 bytes" =>
        [
            [
                .. hello[5..(5 + BinaryPrimitives.ReadUInt16BigEndian(hello.AsSpan(3)))].Chunk(3)
                    .SelectMany(static part => (byte[])[22, 3, 1, 0, (byte)part.Length, .. part]),
            ],
        ],
        _ => [hello],
    };

    private Task WrittenAsync(int count) =>
        Eventually.IsTrueAsync(() => Task.FromResult(_store.Count >= count), "the session does not come to the store");

    private async Task<WebApplication> StartAsync(
        Action<OpenSslSessionCacheOptions>? options = null, Action<KestrelServerOptions, X509Certificate2>? configure = null)
    {
        WebApplication app = LookAheadApp.Build(_folder, _store, options, configure);
        await app.StartAsync();
        _getsAtStart = _store.Gets;
        return app;
    }
}
