namespace OpenSslSessionCb.Tests;

/// <summary>A temporary folder for key ring files.</summary>
internal sealed class RingFolder : IDisposable
{
    internal const string Index = "index 000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f\n";
    internal const string Key1 = "key 202122232425262728292a2b2c2d2e2f303132333435363738393a3b3c3d3e3f\n";
    internal const string Key2 = "key 404142434445464748494a4b4c4d4e4f505152535455565758595a5b5c5d5e5f\n";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("sesscb-ring-");

    internal string this[string name] => Path.Combine(_folder.FullName, name);

    internal IEnumerable<string> FileNames => _folder.EnumerateFiles().Select(file => file.Name);

    /// <summary>Writes a file that only its owner can read.</summary>
    internal string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        SetMode(this[name], UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return this[name];
    }

    internal static void SetMode(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, mode);
        }
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
