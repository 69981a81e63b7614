namespace OpenSslSessionCb;

/// <summary>How asking the store went.</summary>
internal enum LookupOutcome
{
    Found,
    Absent,
    Late,
    Failed,

    /// <summary>Not asked: too many answers are overdue, or too many questions wait.</summary>
    StoreAway,
}
