namespace OpenSslSessionCb.Benchmarks;

/// <summary>A folder of the benchmark's own, gone afterwards.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly string _path = Directory.CreateTempSubdirectory("sesscb-bench-").FullName;

    /// <summary>The path of a file in it.</summary>
    internal string this[string file] => Path.Combine(_path, file);

    public void Dispose() => Directory.Delete(_path, recursive: true);
}
