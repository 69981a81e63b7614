namespace OpenSslSessionCb.Benchmarks;

/// <summary>What some connections came to.</summary>
/// <param name="Handshakes">How many were begun.</param>
/// <param name="Resumed">How many of them resumed.</param>
/// <param name="Failed">How many of them failed.</param>
/// <param name="ElapsedUs">How long all took, in µs.</param>
/// <param name="WorkerUs">What of its processor nginx's worker used meanwhile, all its threads, user and system, in µs.</param>
internal sealed record LoadAnswer(long Handshakes, long Resumed, long Failed, double ElapsedUs, double WorkerUs)
{
    internal double PerSecond => Handshakes * 1e6 / ElapsedUs;

    internal double WorkerUsEach => WorkerUs / Handshakes;

    /// <summary>How much of a processor the worker used: 0 to 1.</summary>
    internal double Busy => WorkerUs / ElapsedUs;
}
