using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What goes with a session into its record comes back, and nothing else is believed.</summary>
public sealed class SessionPayloadTests
{
    private static readonly byte[] s_isolation = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    private static readonly SessionMaker s_maker = new(7, IdContext.Of([.. Enumerable.Range(40, 20).Select(static i => (byte)i)]));

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(ClientVerification.MaxIntermediatesLength)]
    public void Read_WhatWasWritten_ComesBack(int length)
    {
        var intermediates = new byte[length];
        LibCryptoHash.FillRandom(intermediates);
        var written = new ClientVerification(3, -23, intermediates);
        byte[] payload = Write(s_maker, written, [9, 8, 7]);

        Assert.That(SessionPayload.TryRead(payload,
            out byte[] isolation, out SessionMaker maker, out ClientVerification? client, out ReadOnlySpan<byte> session));
        Assert.That((isolation, maker, session.ToArray()), Is.EqualTo((s_isolation, s_maker, new byte[] { 9, 8, 7 })));
        Assert.That((client!.VerifyMode, client.Result, client.Intermediates), Is.EqualTo((3, -23, intermediates)));
    }

    [TestCase(1)]
    [TestCase(16)]
    [TestCase(17)]
    [TestCase(IdContext.MaxLength)]
    public void Read_IdContextOfAnyLength_ComesBackAndIsNoOther(int length)
    {
        byte[] bytes = [.. Enumerable.Repeat((byte)3, length)];
        var maker = new SessionMaker(1, IdContext.Of(bytes));
        Assert.That(SessionPayload.TryRead(Write(maker, null, [1]), out _, out SessionMaker read, out _, out _));
        Assert.That(read, Is.EqualTo(maker));
        Assert.That(IdContext.Of(bytes.AsSpan(1)), Is.Not.EqualTo(maker.IdContext));
        bytes[^1]++;
        Assert.That(IdContext.Of(bytes), Is.Not.EqualTo(maker.IdContext));
        Assert.That(IdContext.Of([]), Is.EqualTo(default(IdContext)));
    }

    [Test]
    public void Read_WhereClientsAreNotVerified_HasNoClient()
    {
        Assert.That(SessionPayload.TryRead(Write(default, null, [1]), out _, out _, out ClientVerification? client, out _));
        Assert.That(client, Is.Null);
    }

    [Test]
    public void Read_CutAnywhere_IsRefusedOrStillASession()
    {
        byte[] payload = Write(s_maker, new ClientVerification(1, 0, [5, 5, 5]), [9, 8]);
        for (int length = 0; length < payload.Length; length++)
        {
            bool isRead = SessionPayload.TryRead(payload.AsSpan(0, length), out _, out _, out _, out ReadOnlySpan<byte> session);
            Assert.That((isRead, session.Length), Is.EqualTo(length == payload.Length - 1 ? (true, 1) : (false, 0)), $"{length} bytes");
        }
    }

    [TestCase(3)]
    [TestCase(4)]
    [TestCase(ClientVerification.MaxIntermediatesLength + 1)]
    [TestCase(int.MaxValue)]
    [TestCase(-1)]
    public void Read_LengthThatReachesBeyondTheEnd_IsRefused(int length)
    {
        byte[] payload = Write(default, null, [1, 2, 3]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(46), length);
        Assert.That(SessionPayload.TryRead(payload, out _, out _, out _, out _), Is.False);
    }

    [TestCase(3)]
    [TestCase(4)]
    [TestCase(IdContext.MaxLength + 1)]
    [TestCase(255)]
    public void Read_IdContextThatReachesBeyondItsBounds_IsRefused(int length)
    {
        byte[] payload = Write(default, null, length > IdContext.MaxLength ? new byte[300] : [1, 2, 3]);
        payload[45] = (byte)length;
        Assert.That(SessionPayload.TryRead(payload, out _, out _, out _, out _), Is.False);
    }

    private static byte[] Write(SessionMaker maker, ClientVerification? client, byte[] session)
    {
        var payload = new byte[SessionPayload.HeadLength(maker, client) + session.Length];
        session.CopyTo(SessionPayload.WriteHead(payload, s_isolation, maker, client));
        return payload;
    }
}
