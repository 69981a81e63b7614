using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Demo;

/// <summary>A fresh folder, for its owner only, with all that the two servers share. Deleted at the end.</summary>
internal sealed class DemoFolder : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("sesscb-demo-");

    internal DemoFolder()
    {
        using SelfSignedCertificate certificate = SelfSignedCertificate.Create();
        certificate.WriteTo(CertificateFile, KeyFile);
    }

    internal string CertificateFile => PathOf("server.crt");

    internal string KeyFile => PathOf("server.key");

    internal string Database => PathOf("sessions.db");

    internal string KeyRingFile => PathOf("sessions.key");

    public void Dispose()
    {
        try
        {
            _directory.Delete(recursive: true);
        }
        catch (IOException exception)
        {
            Console.Error.WriteLine(
                $"sesscb: {_directory.FullName} could not be deleted ({exception.Message.TrimEnd('.')}): delete it yourself.");
        }
    }

    private string PathOf(string name) => Path.Combine(_directory.FullName, name);
}
