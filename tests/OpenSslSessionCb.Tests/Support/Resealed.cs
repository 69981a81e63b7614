namespace OpenSslSessionCb.Tests;

/// <summary>Opens a record and seals it again, changed: as somebody could who has the keys.</summary>
internal static class Resealed
{
    /// <param name="ring">The keys.</param>
    /// <param name="record">As it was found in the store.</param>
    /// <param name="key">Where it was found.</param>
    /// <param name="isolationContext">The attachment's.</param>
    /// <param name="fields">What it says of itself, changed.</param>
    /// <param name="session">The session to put in its place; null: its own.</param>
    public static byte[] Record(
        SessionKeyRing ring,
        byte[] record,
        SessionStoreKey key,
        ReadOnlySpan<byte> isolationContext,
        Func<RecordFields, RecordFields> fields,
        byte[]? session = null)
    {
        var sealer = new RecordSealer(ring);
        byte[] own = Open(ring, record, key, isolationContext, out RecordFields before);
        session ??= own;
        byte[] changed = sealer.CreateRecord(session.Length);
        session.CopyTo(sealer.PayloadOf(changed));
        sealer.Seal(changed, fields(before), key, isolationContext);
        return changed;
    }

    /// <summary>The encoded session.</summary>
    public static byte[] Open(
        SessionKeyRing ring, byte[] record, SessionStoreKey key, ReadOnlySpan<byte> isolationContext, out RecordFields fields)
    {
        var session = new byte[record.Length];
        RecordProblem problem =
            new RecordSealer(ring).Open(record, key, isolationContext, DateTimeOffset.UtcNow, session, out fields, out int length);
        return problem == RecordProblem.None
            ? session[..length]
            : throw new InvalidOperationException($"The record cannot be opened: {problem}.");
    }
}
