using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Which libssl a process binds; each in a process of its own, with libraries that only pose as OpenSSL.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.Self)]
public sealed class LibraryChoiceTests
{
    private const string Source = """
        #ifdef OLD
        unsigned long SSLeay(void) { return 0x100020bfL; }
        #else
        unsigned long OpenSSL_version_num(void) { return NUMBER; }
        const char *OpenSSL_version(int which) { (void)which; return TEXT; }
        #endif
        void *SSL_CTX_new(const void *method) { (void)method; return 0; }
        #ifdef HELLO
        void SSL_CTX_set_client_hello_cb(void *c, void *cb, void *arg) { (void)c, (void)cb, (void)arg; }
        #endif
        """;

    private DirectoryInfo _folder = null!;

    [OneTimeSetUp]
    public void MakeFolder()
    {
        CCompiler.Need();
        _folder = Directory.CreateTempSubdirectory("sesscb-libssl-");
    }

    [OneTimeTearDown]
    public void DeleteFolder() => _folder?.Delete(recursive: true);

    [Test]
    public async Task Find_NoLibssl_OneSentence()
    {
        string folder = Sub("none");
        foreach (string name in (string[])["libssl.so.4", "libssl.so.3", "libssl.so.1.1"])
        {
            // Not a library: the loader stops here, and does not go on to the system's folders.
            await File.WriteAllTextAsync(Path.Combine(folder, name), "this is not a library");
        }

        string said = await FindIn(folder);
        IsOneSentence(said);
        Assert.That(said, Does.StartWith("No libssl was found").And.Contain("libssl.so.3").And.Contain("OpenSslLibrary.Use"));
    }

    [TestCase("attach")]
    [TestCase("decode")]
    public async Task FirstCall_NoLibssl_TheSameSentenceAsAnException(string call)
    {
        string folder = Sub("none-" + call);
        foreach (string name in (string[])["libssl.so.4", "libssl.so.3", "libssl.so.1.1"])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, name), "this is not a library");
        }

        ProbeProcess probe = await ProbeProcess.RunAsync(In(folder), null, call);
        Assert.That(probe.Output, Does.StartWith("OpenSslNotSupportedException|No libssl was found"), probe.Errors);
    }

    [TestCase("1.0.2", "an OpenSSL older than 1.1.0", "-DOLD")]
    [TestCase("1.1.0", "OpenSSL 1.1.0l", "-DNUMBER=0x101000cfUL", "-DTEXT=\"OpenSSL 1.1.0l  10 Sep 2019\"")]
    [TestCase("libre", "which is not OpenSSL", "-DHELLO", "-DNUMBER=0x20000000UL", "-DTEXT=\"LibreSSL 4.1.0\"")]
    [TestCase("boring", "which is not OpenSSL", "-DHELLO", "-DNUMBER=0x1010107fUL", "-DTEXT=\"OpenSSL 1.1.1 (compatible; BoringSSL)\"")]
    public async Task Use_TooOldOrAnother_OneSentenceThatSaysWhatItIs(string name, string says, params string[] options)
    {
        string path = Path.Combine(Sub(name), "libssl.so.3");
        CCompiler.BuildLibrary(path, Source, options);

        ProbeProcess used = await ProbeProcess.RunAsync(In(Sub(name)), null, "use", path);
        string found = await FindIn(Sub(name));

        Assert.That(used.Output, Does.StartWith("OpenSslNotSupportedException|").And.Contain(says).And.Contain(path), used.Errors);
        IsOneSentence(used.Output);
        Assert.That(found, Does.Contain(says));
    }

    [Test]
    public async Task Use_PathThatDoesNotExist_OneSentenceWithThePath()
    {
        ProbeProcess probe = await ProbeProcess.RunAsync(In(Sub("empty")), null, "use", "/nowhere/libssl.so.3");
        Assert.That(probe.Output, Does.StartWith("OpenSslNotSupportedException|/nowhere/libssl.so.3 cannot be opened"), probe.Errors);
        IsOneSentence(probe.Output);
    }

    [Test]
    public async Task Find_OneIsLoadedAlready_ThatOneThoughANewerCouldBeOpened()
    {
        string loaded = Path.Combine(Sub("loaded"), "libssl.so.1.1");
        CCompiler.BuildLibrary(
            loaded, Source, "-DHELLO", "-DNUMBER=0x1010117fUL", "-DTEXT=\"OpenSSL 1.1.1w  11 Sep 2023\"", "-Wl,-soname,libssl.so.1.1");
        CCompiler.BuildLibrary(Path.Combine(Sub("newer"), "libssl.so.4"),
            Source, "-DHELLO", "-DNUMBER=0x40000030UL", "-DTEXT=\"OpenSSL 4.0.3 1 Sep 2026\"", "-Wl,-soname,libssl.so.4");

        string alone = await FindIn(Sub("newer"));
        ProbeProcess beside = await ProbeProcess.RunAsync(In(Sub("newer")), null, "find-beside", loaded);

        Assert.That(alone, Does.StartWith("4.0.3|OpenSSL 4.0.3 1 Sep 2026|"));
        Assert.That(beside.Output, Is.EqualTo($"1.1.1.23|OpenSSL 1.1.1w  11 Sep 2023|{loaded}"), beside.Errors);
    }

    [Test]
    public async Task UseSslStreamLibrary_ANewerCouldBeOpened_TheOneThatDotNetHas()
    {
        CCompiler.BuildLibrary(Path.Combine(Sub("newest"), "libssl.so.4"),
            Source, "-DHELLO", "-DNUMBER=0x40000030UL", "-DTEXT=\"OpenSSL 4.0.3 1 Sep 2026\"", "-Wl,-soname,libssl.so.4");

        string found = await FindIn(Sub("newest"));
        ProbeProcess asked = await ProbeProcess.RunAsync(In(Sub("newest")), null, "find-sslstreams");

        Assert.That(found, Does.StartWith("4.0.3|"), "or there is nothing to choose");
        Assert.That(asked.ExitCode, Is.Zero, asked.Errors);
        Assert.That(asked.Output, Does.StartWith("3.").And.Not.Contain("4.0.3"));
    }

    private static void IsOneSentence(string said) =>
        Assert.That(said, Does.EndWith(".").And.Not.Contain("\n").And.Not.Contain(". "));

    private static Dictionary<string, string?> In(string folder) =>
        new() { ["LD_LIBRARY_PATH"] = folder, ["OPENSSLSESSIONCB_TEST_LIBSSL"] = null };

    private static async Task<string> FindIn(string folder)
    {
        ProbeProcess probe = await ProbeProcess.RunAsync(In(folder), null, "find");
        Assert.That(probe.ExitCode, Is.Zero, probe.Errors);
        return probe.Output;
    }

    private string Sub(string name) => _folder.CreateSubdirectory(name).FullName;
}
