namespace OpenSslSessionCb;

/// <summary>What every store asks of what it is to keep; the same for whoever calls it.</summary>
internal static class PutArguments
{
    /// <exception cref="ArgumentOutOfRangeException">There is nothing to keep, or for no time.</exception>
    internal static void Check(ReadOnlyMemory<byte> record, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfZero(record.Length, nameof(record));
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(lifetime, TimeSpan.Zero);
    }
}
