using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Where secrets were, there is nothing of them afterwards.</summary>
public sealed unsafe class SecretTraceTests
{
    private readonly byte[] _session = [.. Enumerable.Range(1, 130).Select(static value => (byte)value)];

    [Test]
    public void Pool_BufferGivenBack_IsZeroed()
    {
        var secret = new SecretBuffer(1000);
        secret.Span.Fill(0xAB);

        // The buffer is the pool's again after that; nobody else has used it yet.
        ref byte lent = ref MemoryMarshal.GetReference(secret.Span);
        secret.Dispose();
        Assert.That(MemoryMarshal.CreateReadOnlySpan(ref lent, 1000).ToArray(), Is.All.Zero);
    }

    [Test]
    public void Pool_RecordOpened_TheBufferComesBackZeroed()
    {
        using SessionKeyRing ring = SessionKeyRing.Generate();
        var sealer = new RecordSealer(ring, SealedSession.Farm);
        byte[] payload = new byte[SessionPayload.HeadLength(default, null) + _session.Length];
        _session.CopyTo(SessionPayload.WriteHead(payload, new byte[32], default, null));
        byte[] record = sealer.Seal(payload, SealedSession.Fields with { Expires = DateTimeOffset.UtcNow.AddHours(1) });
        var codec = new RecordCodec(sealer, TimeProvider.System);

        // What is inside is no session; it is opened and looked at all the same.
        AssertComesBackZeroed(record.Length, () => Assert.That(
            codec.TryDecode(record, SealedSession.Id, out _, out _, out _), Is.EqualTo(RecordProblem.Unreadable)));
    }

    [Test]
    public void Pool_SessionRecoded_TheBufferComesBackZeroed()
    {
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        using var pair = new TlsPair(server, client);
        pair.Connect();
        SSL_SESSION* session = LibSsl.SSL_get_session(pair.Server);
        AssertComesBackZeroed(SslSessionCodec.Measure(session), () => LibSsl.SSL_SESSION_free(SslSessionCodec.Recode(session)));
        pair.Close();
    }

    [Test]
    public void Ring_DerivedFromTheKeysOfAFile_KeysThemselvesAreZeroed()
    {
        using var entries = KeyRingEntries.Create();
        SecretBytes[] keys = [.. entries.Keys, entries.Next!];
        Assert.That(keys.Select(IsZero), Is.All.False);
        var ring = new KeyRingSnapshot(entries);

        Assert.That(keys.Select(IsZero), Is.All.True);
        Assert.That(IsZero(ring.IndexKey), Is.False, "the index key is used as it is");
    }

    [Test]
    public void Entries_Disposed_AllAreZeroed()
    {
        var entries = KeyRingEntries.Create();
        entries.Dispose();

        Assert.That(((SecretBytes[])[entries.Index, .. entries.Keys, entries.Next!]).Select(IsZero), Is.All.True);
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Cipher_Used_TheThreadsContextHoldsNoKeyButZeros(bool decrypts)
    {
        byte[] key = [.. Enumerable.Repeat((byte)7, Aes256Gcm.KeyLength)];
        var nonce = new byte[Aes256Gcm.NonceLength];
        var tag = new byte[Aes256Gcm.TagLength];
        byte[] data = [.. _session];
        Aes256Gcm.Encrypt(key, nonce, default, data, tag);
        if (decrypts)
        {
            Assert.That(Aes256Gcm.TryDecrypt(key, nonce, default, data, tag, new byte[data.Length]), Is.True);
        }

        // A context that is given a nonce and no key encrypts with the key that it has.
        byte[] withItsKey = [.. _session];
        FieldInfo field = typeof(Aes256Gcm).GetField("t_context", BindingFlags.NonPublic | BindingFlags.Static)!;
        var context = (EVP_CIPHER_CTX*)((SafeHandle)field.GetValue(null)!).DangerousGetHandle();
        fixed (byte* nonceStart = nonce, start = withItsKey)
        {
            int written;
            Assert.That(LibCrypto.EVP_EncryptInit_ex(context, null, null, null, nonceStart), Is.EqualTo(1));
            Assert.That(LibCrypto.EVP_EncryptUpdate(context, start, &written, start, withItsKey.Length), Is.EqualTo(1));
        }

        byte[] withZeros = [.. _session];
        Aes256Gcm.Encrypt(new byte[Aes256Gcm.KeyLength], nonce, default, withZeros, tag);
        Assert.That(withItsKey, Is.EqualTo(withZeros));
    }

    [TestCase(false)]
    [TestCase(true)]
    public void Stack_RecordSealedOrOpened_ItsKeyIsNotThere(bool opens)
    {
        using SessionKeyRing ring = SessionKeyRing.Generate();
        var sealer = new RecordSealer(ring, SealedSession.Farm);
        SessionStoreKey place = sealer.DeriveKey(SealedSession.Id);
        SealingKey sealingKey = ring.Snapshot.First;
        byte[] record = sealer.Seal(_session);
        byte[] payload = [.. _session];
        var stack = new byte[64 * 1024];

        // The first time everything is compiled, on this very stack.
        for (int round = 0; round < 2; round++)
        {
            FarDown(() =>
            {
                if (opens)
                {
                    RecordCipher.Decrypt(ring.Snapshot.Keys, sealingKey.Id, record, place, payload);
                }
                else
                {
                    RecordCipher.Encrypt(sealingKey, record, place);
                }
            });
            CopyStack(stack);
            var key = new byte[Aes256Gcm.KeyLength];
            sealingKey.DeriveRecordKey(record.AsSpan(RecordHeader.Length, SealingKey.SaltLength), key);
            Assert.That(stack.AsSpan().IndexOf(key), Is.Negative);
        }
    }

    /// <summary>A thread's buffer that was given back last is the first that it gets again.</summary>
    private static void AssertComesBackZeroed(int length, Action use)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(length);
        Array.Fill(buffer, (byte)0xAB);
        ArrayPool<byte>.Shared.Return(buffer);
        use();
        byte[] again = ArrayPool<byte>.Shared.Rent(length);
        ArrayPool<byte>.Shared.Return(again);

        Assert.That(again, Is.SameAs(buffer), "it was used, and given back");
        Assert.That(again, Is.All.Zero);
    }

    /// <summary>Below what looking at the stack takes of it itself.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void FarDown(Action work)
    {
        byte* room = stackalloc byte[16 * 1024];
        work();
        GC.KeepAlive((nint)room);
    }

    /// <summary>What lies below this frame: what returned calls have left.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void CopyStack(byte[] copy)
    {
        byte here = 0;
        new ReadOnlySpan<byte>(&here - copy.Length, copy.Length).CopyTo(copy);
    }

    private static bool IsZero(SecretBytes secret) => !secret.Span.ContainsAnyExcept((byte)0);
}
