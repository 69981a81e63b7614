namespace OpenSslSessionCb.Tests.Stores;

/// <summary>A directory of its own for one test.</summary>
internal sealed class StoreFolder
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sesscb-");

    public string Path => _directory.FullName;

    public string File(string name = "sessions.db") => System.IO.Path.Combine(Path, name);

    public void Delete() => _directory.Delete(recursive: true);
}
