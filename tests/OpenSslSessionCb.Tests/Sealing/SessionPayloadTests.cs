using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What goes with a session into its record comes back, and nothing else is believed.</summary>
public sealed class SessionPayloadTests
{
    private static readonly byte[] s_isolation = [.. Enumerable.Range(1, 32).Select(static i => (byte)i)];

    [TestCase(0)]
    [TestCase(1)]
    [TestCase(ClientVerification.MaxIntermediatesLength)]
    public void Read_WhatWasWritten_ComesBack(int length)
    {
        var intermediates = new byte[length];
        LibCryptoHash.FillRandom(intermediates);
        var written = new ClientVerification(3, -23, intermediates);
        byte[] payload = Write(written, [9, 8, 7]);

        Assert.That(SessionPayload.TryRead(payload, out byte[] isolation, out ClientVerification? client, out ReadOnlySpan<byte> session));
        Assert.That((isolation, session.ToArray()), Is.EqualTo((s_isolation, new byte[] { 9, 8, 7 })));
        Assert.That((client!.VerifyMode, client.Result, client.Intermediates), Is.EqualTo((3, -23, intermediates)));
    }

    [Test]
    public void Read_WhereClientsAreNotVerified_HasNoClient()
    {
        Assert.That(SessionPayload.TryRead(Write(null, [1]), out _, out ClientVerification? client, out _));
        Assert.That(client, Is.Null);
    }

    [Test]
    public void Read_CutAnywhere_IsRefusedOrStillASession()
    {
        byte[] payload = Write(new ClientVerification(1, 0, [5, 5, 5]), [9, 8]);
        for (int length = 0; length < payload.Length; length++)
        {
            bool isRead = SessionPayload.TryRead(payload.AsSpan(0, length), out _, out _, out ReadOnlySpan<byte> session);
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
        byte[] payload = Write(null, [1, 2, 3]);
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(payload.AsSpan(37), length);
        Assert.That(SessionPayload.TryRead(payload, out _, out _, out _), Is.False);
    }

    private static byte[] Write(ClientVerification? client, byte[] session)
    {
        var payload = new byte[SessionPayload.HeadLength(client) + session.Length];
        session.CopyTo(SessionPayload.WriteHead(payload, s_isolation, client));
        return payload;
    }
}
