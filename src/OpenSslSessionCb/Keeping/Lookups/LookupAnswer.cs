namespace OpenSslSessionCb;

/// <summary>How asking the store went, and the record if there is one.</summary>
internal readonly record struct LookupAnswer(LookupOutcome Outcome, byte[]? Record = null)
{
    /// <summary>Whether the store let us down, which is what the breaker counts.</summary>
    internal bool IsTrouble => Outcome is LookupOutcome.Late or LookupOutcome.Failed or LookupOutcome.StoreAway;

    internal static LookupAnswer Of(byte[]? record) => new(record is null ? LookupOutcome.Absent : LookupOutcome.Found, record);
}
