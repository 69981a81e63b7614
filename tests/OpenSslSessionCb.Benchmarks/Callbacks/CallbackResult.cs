namespace OpenSslSessionCb.Benchmarks;

/// <summary>One row of artifacts/bench/callbacks.json.</summary>
/// <param name="Case">Which handshakes.</param>
/// <param name="ReferenceUs">The server's time for a connection with the C reference, in µs: the median over all.</param>
/// <param name="ManagedUs">The same with the managed cache.</param>
/// <param name="Ratio">Managed over reference: the median over the blocks, in each of which both had their turns.</param>
/// <param name="RatioMargin">Half the width of the ratio's 95 % confidence interval.</param>
/// <param name="RatioLimit">What the ratio must not exceed; null: nothing is demanded.</param>
/// <param name="ReferenceProcessUs">CPU of the whole process for a connection, in µs: server, client, and every other thread.</param>
/// <param name="ManagedProcessUs">The same with the managed cache: its writer encodes and stores on a thread of its own.</param>
/// <param name="AllocatedBytesPerHit">Managed bytes that a hit in the near cache allocates.</param>
/// <param name="AllocatedBytesPerConnection">Managed bytes that a whole such connection allocates on the thread that shakes hands.</param>
/// <param name="Connections">How many connections of each were measured.</param>
internal sealed record CallbackResult(
    string Case,
    double ReferenceUs,
    double ManagedUs,
    double Ratio,
    double RatioMargin,
    double? RatioLimit,
    double ReferenceProcessUs,
    double ManagedProcessUs,
    double AllocatedBytesPerHit,
    double AllocatedBytesPerConnection,
    int Connections)
{
    internal bool IsWithinLimits => (RatioLimit is not { } limit || Ratio <= limit) && AllocatedBytesPerHit == 0;
}
