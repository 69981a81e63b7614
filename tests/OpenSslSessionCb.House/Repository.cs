namespace OpenSslSessionCb.House;

/// <summary>Where the sources are.</summary>
internal static class Repository
{
    internal static string Folder()
    {
        string? folder = Environment.CurrentDirectory;
        while (folder is not null && !File.Exists(Path.Join(folder, "OpenSslSessionCb.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new InvalidOperationException("There is no OpenSslSessionCb.sln here or above: run it in the repository.");
    }
}
