using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Constants, sizes and prototypes in C# are those that a C compiler reads in the headers.</summary>
[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class HeaderTests
{
    private string _folder = null!;

    [SetUp]
    public void NeedCompilerAndHeaders()
    {
        CCompiler.Need();
        if (!File.Exists(Path.Combine(HeaderFile.Include, "openssl", "ssl.h")))
        {
            Assert.Ignore($"There are no OpenSSL headers in {HeaderFile.Include}.");
        }

        _folder = Directory.CreateTempSubdirectory("sesscb-headers-").FullName;
    }

    [TearDown]
    public void DeleteFolder()
    {
        if (_folder is not null)
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Test]
    public void Constant_EachOne_HasTheHeadersValue() => Compiles(HeaderFile.Constants());

    [Test]
    public void Constant_Wrong_IsFound() =>
        DoesNotCompile("_Static_assert((SSL_SESS_CACHE_SERVER) == (3), \"SSL_SESS_CACHE_SERVER\");", "SSL_SESS_CACHE_SERVER");

    [Test]
    public void Prototype_EachImport_IsTheHeaders() => Compiles(HeaderFile.Prototypes());

    [Test]
    public void Prototype_Wrong_IsFound() =>
        DoesNotCompile(
            HeaderFile.Prototype("SSL_CTX_sess_set_get_cb", "void (*)(SSL_CTX *, SSL_SESSION * (*)(SSL *, unsigned char *, long, int *))"),
            "SSL_CTX_sess_set_get_cb");

    private void Compiles(string checks)
    {
        (int exitCode, string errors) = Compile(checks);
        Assert.That(exitCode, Is.Zero, errors);
    }

    private void DoesNotCompile(string checks, string names)
    {
        (int exitCode, string errors) = Compile(checks);
        Assert.That(exitCode, Is.Not.Zero);
        Assert.That(errors, Does.Contain($"static assertion failed: \"{names}\""));
    }

    private (int ExitCode, string Errors) Compile(string checks)
    {
        string source = Path.Combine(_folder, "checks.c");
        string preprocessed = Path.Combine(_folder, "checks.i");
        File.WriteAllText(source, HeaderFile.Begin + checks);

        // C# knows no const, and its byte is both char and unsigned char: neither matters to a call. Attributes are
        // about format strings, which are no strings any more.
        (int exitCode, string text, string errors) = CCompiler.Run(
            "-E", "-P", "-Dconst=", "-D__attribute__(x)=", "-I", HeaderFile.Include, source);
        if (exitCode != 0)
        {
            return (exitCode, errors);
        }

        File.WriteAllText(preprocessed, HeaderFile.WithOneKindOfChar(text));
        (exitCode, _, errors) = CCompiler.Run("-fsyntax-only", "-std=gnu11", "-fno-builtin", "-w", "-x", "cpp-output", preprocessed);
        return (exitCode, errors);
    }
}
