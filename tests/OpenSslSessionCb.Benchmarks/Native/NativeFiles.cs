using System.Security.Cryptography.X509Certificates;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Certificates, the programs in C that are measured with, and the library that is measured.</summary>
internal sealed class NativeFiles : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    internal NativeFiles()
    {
        if (!File.Exists(Preload))
        {
            throw new BenchmarkException("the native libraries are not built: run ./build.sh native first.");
        }

        if (!File.Exists(NginxServer.Program))
        {
            throw new BenchmarkException("nginx is not installed. Install it with: sudo apt-get install nginx");
        }

        WriteCertificate("rsa", rsa: true);
        WriteCertificate("p256", rsa: false);
        Load = Compile("load");
        StartUp = Compile("startup");
        Linked = Compile("linked");
    }

    internal static string Preload { get; } = Repository.PathOf("artifacts/native/libopensslsessioncb_preload.so");

    /// <summary>The client that loads a server: load.c.</summary>
    internal string Load { get; }

    /// <summary>The program that starts others and times them: startup.c.</summary>
    internal string StartUp { get; }

    /// <summary>A program that is linked to libssl and does nothing with it: linked.c.</summary>
    internal string Linked { get; }

    internal string this[string file] => _folder[file];

    public void Dispose() => _folder.Dispose();

    private void WriteCertificate(string name, bool rsa)
    {
        using X509Certificate2 certificate = Certificates.Make("localhost", rsa);
        File.WriteAllText(_folder[name + ".crt"], certificate.ExportCertificatePem());
        File.WriteAllText(_folder[name + ".key"], Certificates.KeyPem(certificate));
    }

    private string Compile(string name)
    {
        string source = Repository.PathOf($"tests/OpenSslSessionCb.Benchmarks/Native/{name}.c");
        _ = Machine.Run("gcc", "-std=c11", "-O2", "-Wall", "-Wextra", "-Werror", source, "-o", _folder[name], "-lssl", "-lcrypto");
        return _folder[name];
    }
}
