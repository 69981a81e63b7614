namespace OpenSslSessionCb.Tests.Stores;

/// <summary>A directory of its own for one test, deleted with what is in it.</summary>
internal sealed class StoreFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sesscb-");

    public string Path => _directory.FullName;

    public string File(string name = "sessions.db") => System.IO.Path.Combine(Path, name);

    public void Dispose() => _directory.Delete(recursive: true);
}
