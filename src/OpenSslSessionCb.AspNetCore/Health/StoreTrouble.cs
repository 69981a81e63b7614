namespace OpenSslSessionCb;

/// <summary>How often the store let its cache down.</summary>
internal readonly record struct StoreTrouble(long Errors, long Late, long Dropped)
{
    public static StoreTrouble operator +(StoreTrouble left, StoreTrouble right) =>
        new(left.Errors + right.Errors, left.Late + right.Late, left.Dropped + right.Dropped);

    public static StoreTrouble operator -(StoreTrouble left, StoreTrouble right) =>
        new(left.Errors - right.Errors, left.Late - right.Late, left.Dropped - right.Dropped);
}
