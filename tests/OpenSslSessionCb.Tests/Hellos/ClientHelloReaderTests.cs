using System.Buffers;
using System.Text;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>The first bytes of connections: hellos of real clients, hellos that no client makes, and what is none.</summary>
public sealed class ClientHelloReaderTests : LeakCheckedTests
{
    private static readonly byte[] s_id = [.. Enumerable.Range(1, 32).Select(static value => (byte)value)];

    [TestCase(TlsProtocolVersion.Tls12)]
    [TestCase(TlsProtocolVersion.Tls13)]
    public void Ids_OfARealClient_AreThoseThatLibSslAsksFor(TlsProtocolVersion version)
    {
        using var scene = new TlsScene(version);
        var asked = new List<SslSessionId>();
        var kept = new KeepingHandler();
        using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, new StubHandler
        {
            OnNewDo = kept.OnNew,
            OnGetDo = (ssl, id) =>
            {
                asked.Add(id);
                return kept.OnGet(ssl, id);
            },
        });
        using ClientSession session = scene.Connect();
        Assert.That(scene.Resumes(session));

        Assert.That(HelloBytes.Read(RecordedHello.Of(scene.Client, session), out ClientHello? hello), Is.EqualTo(ClientHelloReading.Read));
        Assert.That(asked, Is.Not.Empty.And.SubsetOf(hello!.Ids));
    }

    [Test]
    public void Ids_OfATls12ClientWithATicket_HaveTheIdThatItMadeUpForIt()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        using var pair = new TlsPair(server, client);
        pair.Connect();
        using ClientSession session = pair.TakeClientSession();
        pair.Close();
        byte[] bytes = RecordedHello.Of(client, session);

        Assert.That(HelloBytes.Read(bytes, out ClientHello? hello), Is.EqualTo(ClientHelloReading.Read));
        Assert.That(bytes, Has.Length.GreaterThan(250), "there is a ticket");
        Assert.That(hello!.Ids.Single().Length, Is.EqualTo(32));
    }

    [Test]
    public void Random_IsWhereItIsOnTheWire()
    {
        using TlsContext client = TlsContext.Client(0);
        byte[] bytes = RecordedHello.Of(client);
        HelloBytes.Read(bytes, out ClientHello? hello);
        Assert.That(hello!.Random, Is.EqualTo(new HelloRandom(bytes.AsSpan(11))));
    }

    [TestCase(0)]
    [TestCase(16_000)]
    public void EveryStrictPrefix_OfARealHello_NeedsMore(int alpnLength)
    {
        using TlsContext client = TlsContext.Client(0);
        if (alpnLength > 0)
        {
            RecordedHello.OfferLongAlpn(client, alpnLength);
        }

        byte[] bytes = RecordedHello.Of(client);
        Assert.That(bytes, Has.Length.GreaterThan(alpnLength));
        var reader = new ClientHelloReader();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.That(
                reader.Read(new ReadOnlySequence<byte>(bytes, 0, length)), Is.EqualTo(ClientHelloReading.NeedsMore), $"{length} bytes");
        }

        Assert.That(reader.Read(new ReadOnlySequence<byte>(bytes)), Is.EqualTo(ClientHelloReading.Read));
    }

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(100)]
    public void Hello_InManyRecords_IsReadAsInOne(int recordLength)
    {
        using TlsContext client = TlsContext.Client(0);
        byte[] bytes = RecordedHello.Of(client, hostName: "shop.example");
        HelloBytes.Read(bytes, out ClientHello? expected);

        byte[] spread = HelloBytes.InRecordsOf(bytes, recordLength);
        for (int length = 0; length < spread.Length; length++)
        {
            Assert.That(HelloBytes.Read(spread[..length], out _), Is.EqualTo(ClientHelloReading.NeedsMore), $"{length} bytes");
        }

        Assert.That(HelloBytes.Read(spread, out ClientHello? hello), Is.EqualTo(ClientHelloReading.Read));
        Assert.That(hello!.Random, Is.EqualTo(expected!.Random));
        Assert.That(hello.Ids, Is.EqualTo(expected.Ids));
    }

    [Test]
    public void Hello_WithManyIdentities_GivesTheFirstFourOf32Bytes()
    {
        byte[][] identities = [.. Enumerable.Range(0, 7).Select(static number => (byte[])[.. s_id[..31], (byte)number])];
        byte[] bytes = HelloBytes.With(s_id, [[], [1, 2, 3], identities[0], [.. s_id, 33], .. identities[1..]]);

        Assert.That(HelloBytes.Read(bytes, out ClientHello? hello), Is.EqualTo(ClientHelloReading.Read));
        Assert.That(hello!.Ids, Is.EqualTo(new[] { s_id }.Concat(identities[..4]).Select(static id => new SslSessionId(id))));
    }

    [Test]
    public void Hello_WithoutExtensionsAndId_HasNoIds()
    {
        byte[] body = [3, 3, .. new byte[32], 0, 0, 2, 0, 0x2f, 1, 0];
        Assert.That(
            HelloBytes.Read([22, 3, 1, .. HelloBytes.Long([1, 0, 0, (byte)body.Length, .. body])], out ClientHello? hello),
            Is.EqualTo(ClientHelloReading.Read));
        Assert.That(hello!.Ids, Is.Empty);
    }

    [TestCase("GET / HTTP/1.1\r\n")]
    [TestCase("P")]
    [TestCase("\0")]
    public void WhatIsNotTls_IsKnownByItsFirstByte(string text) =>
        Assert.That(HelloBytes.Read(Encoding.ASCII.GetBytes(text)[..1], out _), Is.EqualTo(ClientHelloReading.NotTls));

    // The hello of SSLv2: u16 length with the highest bit set, type 1, version.
    [TestCase(new byte[] { 0x80, 46, 1, 3, 1 })]
    [TestCase(new byte[] { 21, 3, 1, 0, 2, 1, 0 }, Description = "an alert")]
    [TestCase(new byte[] { 22, 2 }, Description = "another version")]
    [TestCase(new byte[] { 22, 3, 1, 0x40, 1 }, Description = "a record that is too long")]
    [TestCase(new byte[] { 22, 3, 1, 0, 4, 2 }, Description = "a ServerHello")]
    public void WhatNoLibSslTakes_IsNotTls(byte[] bytes) =>
        Assert.That(HelloBytes.Read(bytes, out _), Is.EqualTo(ClientHelloReading.NotTls));

    [Test]
    public void Hello_ThatIsCutByAnotherRecord_IsNotTls()
    {
        byte[] bytes = HelloBytes.InRecordsOf(HelloBytes.With(s_id), 20);
        bytes[25] = 23;
        Assert.That(HelloBytes.Read(bytes, out _), Is.EqualTo(ClientHelloReading.NotTls));
    }

    [Test]
    public void Hello_ThatClaimsMoreThanItMay_IsTooLongAtOnce() =>
        Assert.That(HelloBytes.Read([22, 3, 1, 0x40, 0, 1, 1, 0, 0], out _), Is.EqualTo(ClientHelloReading.TooLong));

    [Test]
    public void Hello_ThatNeverEnds_IsTooLongAt17Kilobytes()
    {
        // 16,000 bytes are claimed; they come one in a record, and empty records in between.
        var bytes = new List<byte> { 22, 3, 1, 0, 4, 1, 0, 0x3e, 0x80 };
        while (bytes.Count < ClientHelloReader.MaxLength)
        {
            bytes.AddRange([22, 3, 1, 0, 0, 22, 3, 1, 0, 1, 7]);
        }

        Assert.That(HelloBytes.Read([.. bytes[..(ClientHelloReader.MaxLength - 1)]], out _), Is.EqualTo(ClientHelloReading.NeedsMore));
        Assert.That(HelloBytes.Read([.. bytes[..ClientHelloReader.MaxLength]], out _), Is.EqualTo(ClientHelloReading.TooLong));
    }

    [Test]
    public void EveryLength_ThatLies_IsRefused()
    {
        byte[] bytes = HelloBytes.With(s_id, s_id);
        int idLength = 5 + 4 + 2 + 32;
        int ciphers = idLength + 1 + 32;
        int compression = ciphers + 2 + 2;
        int extensions = compression + 1 + 1;
        int psk = extensions + 2 + 2;
        int identities = psk + 2;
        int identity = identities + 2;
        foreach (int position in (int[])[idLength, ciphers + 1, compression, extensions + 1, psk + 1, identities + 1, identity + 1])
        {
            foreach (int change in (int[])[-1, 1, 100])
            {
                byte[] lying = [.. bytes];
                lying[position] = (byte)(lying[position] + change);
                Assert.That(HelloBytes.Read(lying, out _), Is.EqualTo(ClientHelloReading.NotTls), $"byte {position} {change:+0;-0}");
            }
        }
    }
}
