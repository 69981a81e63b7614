namespace OpenSslSessionCb.Benchmarks;

/// <summary>artifacts/bench/native.json.</summary>
internal sealed record NativeResult(
    IReadOnlyList<HandshakeResult> Handshakes,
    IReadOnlyList<StartUpResult> StartUp,
    IReadOnlyList<FirstHandshakeResult> FirstHandshakes,
    IReadOnlyList<WorkerMemoryResult> Memory);
