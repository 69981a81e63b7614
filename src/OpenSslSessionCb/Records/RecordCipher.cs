using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>Encrypts and decrypts what follows a record's header: salt (16 bytes), nonce (12), ciphertext, tag (16).</summary>
/// <remarks>Bound by the tag, beside the session: the header and the store key, which names the farm and the id.</remarks>
internal static class RecordCipher
{
    internal const int PayloadStart = Nonce + Aes256Gcm.NonceLength;
    internal const int TagLength = Aes256Gcm.TagLength;

    private const int Salt = RecordHeader.Length;
    private const int Nonce = Salt + SealingKey.SaltLength;
    private const int MaxAssociatedLength = RecordHeader.Length + SessionStoreKey.Length;

    /// <summary>Encrypts the payload where it lies; the header is written already.</summary>
    internal static void Encrypt(SealingKey sealingKey, Span<byte> record, SessionStoreKey key)
    {
        LibCryptoHash.FillRandom(record[Salt..PayloadStart]);
        MessageBuilder associated = new(stackalloc byte[MaxAssociatedLength]);
        AddAssociated(ref associated, record, key);

        Span<byte> recordKey = stackalloc byte[Aes256Gcm.KeyLength];
        try
        {
            sealingKey.DeriveRecordKey(record[Salt..Nonce], recordKey);
            Aes256Gcm.Encrypt(
                recordKey, record[Nonce..PayloadStart], associated.Written, record[PayloadStart..^TagLength], record[^TagLength..]);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    /// <summary>
    /// Decrypts the payload, with whichever of the keys has the id; when there is a problem, <paramref name="payload"/> is zeroed.
    /// </summary>
    internal static RecordProblem Decrypt(
        ReadOnlySpan<SealingKey> keys,
        uint keyId,
        ReadOnlySpan<byte> record,
        SessionStoreKey key,
        Span<byte> payload)
    {
        MessageBuilder associated = new(stackalloc byte[MaxAssociatedLength]);
        AddAssociated(ref associated, record, key);

        RecordProblem problem = RecordProblem.UnknownKey;
        Span<byte> recordKey = stackalloc byte[Aes256Gcm.KeyLength];
        try
        {
            foreach (SealingKey candidate in keys)
            {
                if (candidate.Id != keyId)
                {
                    continue;
                }

                candidate.DeriveRecordKey(record[Salt..Nonce], recordKey);
                if (Aes256Gcm.TryDecrypt(
                    recordKey, record[Nonce..PayloadStart], associated.Written, record[PayloadStart..^TagLength],
                    record[^TagLength..], payload))
                {
                    return RecordProblem.None;
                }

                problem = RecordProblem.Forged;
            }

            return problem;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(recordKey);
        }
    }

    private static void AddAssociated(ref MessageBuilder associated, ReadOnlySpan<byte> record, SessionStoreKey key)
    {
        associated.Add(record[..RecordHeader.Length]);
        associated.Add(key);
    }
}
