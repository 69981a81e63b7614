using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What can be asked of the libssl that this process has bound.</summary>
public sealed unsafe class OpenSslLibraryTests
{
    [OneTimeSetUp]
    public void LoadLibosr() => _ = LiveSessionCount.Now;

    [Test]
    public void Version_IsWhatTheLibrarySays()
    {
        string text = Marshal.PtrToStringUTF8((nint)LibCrypto.OpenSSL_version(LibCrypto.OPENSSL_VERSION))!;
        Version version = OpenSslLibrary.Version;
        string number = $"{version.Major}.{version.Minor}.{version.Build}";

        // 1.1.1w is 1.1.1.23.
        string letter = version.Revision > 0 ? $"{(char)('a' + version.Revision - 1)}" : "";
        Assert.That(OpenSslLibrary.VersionText, Is.EqualTo(text));
        Assert.That(text.Split(' ')[1], Does.StartWith(number + letter));
        Assert.That(version, Is.GreaterThanOrEqualTo(OpenSslLibrary.OldestSupportedVersion));
    }

    [Test]
    public void Path_IsAFile() => Assert.That(OpenSslLibrary.Path, Does.Exist.And.Contain("libssl"));

    [Test]
    public void Use_TheOneThatIsBound_Nothing() =>
        Assert.That(static () => OpenSslLibrary.Use(OpenSslLibrary.Path), Throws.Nothing);

    [Test]
    public void Use_AnotherLibrary_OneClearSentence()
    {
        CCompiler.Need();
        string path = System.IO.Path.Combine(Directory.CreateTempSubdirectory("sesscb-").FullName, "libssl.so.3");
        CCompiler.BuildLibrary(path, """
            unsigned long OpenSSL_version_num(void) { return 0x30000130UL; }
            const char *OpenSSL_version(int which) { (void)which; return "OpenSSL 3.0.19 27 Jan 2026"; }
            void *SSL_CTX_new(const void *method) { (void)method; return 0; }
            void SSL_CTX_set_client_hello_cb(void *c, void *cb, void *arg) { (void)c, (void)cb, (void)arg; }
            """);
        InvalidOperationException? exception = Assert.Throws<InvalidOperationException>(() => OpenSslLibrary.Use(path));

        Assert.That(exception!.Message, Does.Contain(path).And.Contain(OpenSslLibrary.Path).And.EndWith("."));
        Assert.That(exception.Message, Does.Not.Contain("\n"));
    }

    [Test]
    public void Use_WhatIsNoLibssl_OneSentence()
    {
        nint self = NativeLibrary.GetMainProgramHandle();
        Assert.That(
            () => OpenSslLibrary.Use(self, self), Throws.TypeOf<OpenSslNotSupportedException>().With.Message.Contains("is not libssl"));
        Assert.That(() => OpenSslLibrary.Use(0, self), Throws.InstanceOf<ArgumentException>());
        Assert.That(() => OpenSslLibrary.Use(""), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void TryLoad_Bound_True()
    {
        Assert.That(OpenSslLibrary.TryLoad(out string? problem));
        Assert.That(problem, Is.Null);
    }

    [Test]
    public void Supports_EachFeature_AgreesWithTheVersion()
    {
        Version version = OpenSslLibrary.Version;
        foreach (OpenSslFeature feature in Enum.GetValues<OpenSslFeature>())
        {
            Version since = feature switch
            {
                OpenSslFeature.SessionTimeEx => new Version(3, 3, 0),
                OpenSslFeature.FlushSessionsEx => new Version(3, 4, 0),
                _ => new Version(3, 0, 0),
            };
            Assert.That(OpenSslLibrary.Supports(feature), Is.EqualTo(version >= since), $"{feature}");
        }

        Assert.That(static () => OpenSslLibrary.Supports((OpenSslFeature)99), Throws.InstanceOf<ArgumentException>());
    }

    [Test]
    public void GetExport_KnownAndUnknown_AddressOrException()
    {
        Assert.That(OpenSslLibrary.GetExport("SSL_CTX_free"), Is.Not.EqualTo((nint)0));
        Assert.That(OpenSslLibrary.GetExport("ERR_set_mark"), Is.Not.EqualTo((nint)0), "libcrypto's");
        Assert.That(static () => OpenSslLibrary.GetExport("SSL_no_such_thing"), Throws.TypeOf<EntryPointNotFoundException>());
        Assert.That(OpenSslLibrary.Supports("SSL_no_such_thing"), Is.False);
    }
}
