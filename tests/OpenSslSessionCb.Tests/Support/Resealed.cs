namespace OpenSslSessionCb.Tests;

/// <summary>Opens a record and seals it again, changed: as somebody could who has the keys.</summary>
internal static class Resealed
{
    private static readonly FarmName s_farm = new(new SessionCacheOptions().Farm);

    /// <param name="ring">The keys.</param>
    /// <param name="record">As it was found in the store.</param>
    /// <param name="key">Where it was found.</param>
    /// <param name="fields">What it says of itself, changed.</param>
    /// <param name="session">The session to put in its place; null: its own.</param>
    public static byte[] Record(
        SessionKeyRing ring, byte[] record, SessionStoreKey key, Func<RecordFields, RecordFields> fields, byte[]? session = null)
    {
        var sealer = new RecordSealer(ring, s_farm);
        byte[] payload = OpenPayload(sealer, record, key, out RecordFields before);
        if (!SessionPayload.TryRead(payload,
            out byte[] isolation, out SessionMaker maker, out ClientVerification? client, out ReadOnlySpan<byte> own))
        {
            throw new InvalidOperationException("The record holds no session.");
        }

        session ??= own.ToArray();
        byte[] changed = sealer.CreateRecord(SessionPayload.HeadLength(maker, client) + session.Length);
        session.CopyTo(SessionPayload.WriteHead(sealer.PayloadOf(changed), isolation, maker, client));
        sealer.Seal(changed, fields(before), key);
        return changed;
    }

    /// <summary>The encoded session.</summary>
    public static byte[] Open(SessionKeyRing ring, byte[] record, SessionStoreKey key, out RecordFields fields)
    {
        byte[] payload = OpenPayload(new RecordSealer(ring, s_farm), record, key, out fields);
        return SessionPayload.TryRead(payload, out _, out _, out _, out ReadOnlySpan<byte> session)
            ? session.ToArray()
            : throw new InvalidOperationException("The record holds no session.");
    }

    private static byte[] OpenPayload(RecordSealer sealer, byte[] record, SessionStoreKey key, out RecordFields fields)
    {
        var payload = new byte[record.Length];
        RecordProblem problem = sealer.Open(record, key, DateTimeOffset.UtcNow, payload, out fields, out int length);
        return problem == RecordProblem.None
            ? payload[..length]
            : throw new InvalidOperationException($"The record cannot be opened: {problem}.");
    }
}
