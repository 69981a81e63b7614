namespace OpenSslSessionCb.Tests;

/// <summary>Seals and opens in one line each, for tests.</summary>
internal static class SealedSession
{
    internal static readonly DateTimeOffset Now = new(2026, 10, 1, 12, 0, 0, TimeSpan.Zero);
    internal static readonly RecordFields Fields = new(TlsProtocolVersion.Tls13, Now.AddMinutes(5), Now.AddHours(-1));
    internal static readonly SslSessionId Id = new([.. Enumerable.Range(0xA0, 32).Select(value => (byte)value)]);

    internal static readonly FarmName Farm = new("farm.example");

    internal static byte[] Seal(
        this RecordSealer sealer, byte[] session, RecordFields? fields = null, SslSessionId? id = null)
    {
        byte[] record = sealer.CreateRecord(session.Length);
        session.CopyTo(sealer.PayloadOf(record));
        sealer.Seal(record, fields ?? Fields, sealer.DeriveKey(id ?? Id));
        return record;
    }

    internal static OpenedRecord Open(
        this RecordSealer sealer, byte[] record, SslSessionId? id = null, DateTimeOffset? now = null) =>
        sealer.Open(record, sealer.DeriveKey(id ?? Id), now);

    internal static OpenedRecord Open(this RecordSealer sealer, byte[] record, SessionStoreKey key, DateTimeOffset? now = null)
    {
        byte[] destination = new byte[record.Length];
        RecordProblem problem = sealer.Open(record, key, now ?? Now, destination, out RecordFields fields, out int length);
        return new OpenedRecord(problem, fields, destination[..length], destination);
    }
}

/// <param name="Problem">Why not.</param>
/// <param name="Fields">The default when there is a problem.</param>
/// <param name="Session">Empty when there is a problem.</param>
/// <param name="Destination">All of it.</param>
internal sealed record OpenedRecord(RecordProblem Problem, RecordFields Fields, byte[] Session, byte[] Destination)
{
    /// <summary>Whether it was refused without leaving a trace of the record.</summary>
    internal bool IsCleanRefusal =>
        Problem != RecordProblem.None && Fields == default && Session.Length == 0 && !Destination.AsSpan().ContainsAnyExcept((byte)0);
}
