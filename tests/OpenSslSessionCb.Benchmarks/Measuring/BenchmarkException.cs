namespace OpenSslSessionCb.Benchmarks;

/// <summary>A benchmark cannot run here. The message is one sentence that names what is missing.</summary>
internal sealed class BenchmarkException(string message) : Exception(message);
