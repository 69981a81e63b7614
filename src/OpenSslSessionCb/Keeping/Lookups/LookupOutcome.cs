namespace OpenSslSessionCb;

/// <summary>How asking the store went.</summary>
internal enum LookupOutcome
{
    Found,
    Absent,

    /// <summary>The deadline was over first.</summary>
    Late,

    /// <summary>The store threw.</summary>
    Failed,

    /// <summary>Not asked: the breaker is open, or too many questions wait.</summary>
    StoreAway,
}
