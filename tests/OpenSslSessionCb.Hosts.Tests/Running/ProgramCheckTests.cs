using OpenSslSessionCb.Hosts.Tests.Native;
using OpenSslSessionCb.Hosts.Tests.Support;
using OpenSslSessionCb.Tool;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>
/// What keeps a preloaded library from sharing a program's sessions is said in one sentence, and nothing else is stopped.
/// </summary>
[TestFixture]
[Platform("Linux")]
public sealed class ProgramCheckTests
{
    private const string Main = "int main(void) { return 0; }\n";
    private const string UsesLibSsl = "int SSL_library(void);\nint main(void) { return SSL_library(); }\n";

    private CompiledFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new CompiledFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Text_WithoutInterpreter_IsNoProgram() =>
        AssertStopped(
            _folder.Write("notes", "nginx -g 'daemon off;'\n", executable: true), "is no program: it is neither an ELF file nor a script");

    [Test]
    public void Script_ItsInterpreterHasControlCharacters_IsNoProgram() =>
        AssertStopped(_folder.Write("start", "#!/bin/\u001b[2Jsh\n", executable: true), "is no program");

    [Test]
    public void EmptyFile_IsNoProgram() => AssertStopped(_folder.Write("empty", "", executable: true), "is no program");

    [Test]
    public async Task Program_StaticallyLinked_IsStopped() =>
        AssertStopped(
            await _folder.CompileAsync("server", Main, "-static"), "is statically linked, so that no library can be preloaded into it");

    [Test]
    public async Task Program_StaticPie_IsStopped() =>
        AssertStopped(await _folder.CompileAsync("server", Main, "-static-pie"), "is statically linked");

    [Test]
    public async Task Program_ForMusl_IsStopped() =>
        AssertStopped(await _folder.CompileAsync("server", Main, "-Wl,--dynamic-linker=/lib/ld-musl-x86_64.so.1"),
            "is made for musl (/lib/ld-musl-x86_64.so.1)");

    [Test]
    public async Task Program_ItsLoaderIsMissing_IsStopped() =>
        AssertStopped(await _folder.CompileAsync("server", Main, "-Wl,--dynamic-linker=/nowhere/ld.so"),
            "asks for the loader /nowhere/ld.so, which does not exist");

    // e_ident's class and data, and the machine.
    [TestCase(4, 1, "is a program for 32-bit x86-64 and this sesscb is for 64-bit ")]
    [TestCase(5, 2, "is a program for 64-bit machine number 15872, big-endian and this sesscb is for ")]
    [TestCase(18, 243, "is a program for 64-bit RISC-V and this sesscb is for ")]
    public async Task Program_ForAnotherMachine_IsStopped(int offset, int value, string sentence)
    {
        string program = await _folder.CompileAsync("server", Main);
        byte[] bytes = await File.ReadAllBytesAsync(program);
        bytes[18] = 62;
        bytes[offset] = (byte)value;
        await File.WriteAllBytesAsync(program, bytes);

        AssertStopped(program, sentence);
    }

    [Test]
    public async Task Program_WithOpenSslInside_IsStoppedAndNamesIt()
    {
        const string Source = """
            #include <openssl/ssl.h>
            #include <stdio.h>
            int main(void)
            {
                SSL_CTX *context = SSL_CTX_new(TLS_server_method());
                printf("%s\n", OpenSSL_version(OPENSSL_VERSION));
                SSL_CTX_free(context);
                return 0;
            }
            """;
        string program = await _folder.CompileAsync("server", Source, "-l:libssl.a", "-l:libcrypto.a");
        ProcessResult version = await ChildProcess.RunAsync(program, []);

        AssertStopped(program, $"has {version.Output.TrimEnd()} inside, linked statically");
    }

    // In the middle of other things, as libraries put it there; the date is what tells it from talk about versions.
    [TestCase("OpenSSL 3.5.1 1 Jul 2025")]
    [TestCase("OpenSSL 1.1.1w  11 Sep 2023")]
    [TestCase("OpenSSL 3.6.0-beta1 16 Sep 2025")]
    [TestCase("OpenSSL 1.1.1 (compatible; BoringSSL)")]
    [TestCase("LibreSSL 4.0.0")]
    public async Task Program_CarriesTheTextOfAVersion_IsStoppedAlthoughItCouldLoadMore(string version) =>
        AssertStopped(
            await _folder.CompileAsync(
                "server", $"{CompiledFolder.CouldLoad}\nconst char text[400000] = \"needs OpenSSL 3.0 or newer\\0{version}\\0\";\n{Main}"),
            $"has {version} inside, linked statically");

    [Test]
    public async Task Program_ItsVersionLiesWhereItIsReadInTwo_IsStopped()
    {
        // A program is read by 256 KiB.
        string program = await _folder.CompileAsync("server", $"{CompiledFolder.CouldLoad}\nconst char text[400000] = {{0}};\n{Main}");
        using (ElfFile image = ElfFile.TryOpen(program)!)
        using (var file = new FileStream(program, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            file.Position = (long)new ElfImage(image).ReadOnlySegments.Single(static segment => segment.Length > 400000).Offset
                + (256 * 1024) - 10;
            await file.WriteAsync("OpenSSL 3.5.1 1 Jul 2025\0"u8.ToArray());
        }

        AssertStopped(program, "has OpenSSL 3.5.1 1 Jul 2025 inside");
    }

    [Test]
    public async Task Program_SpeaksOfOpenSslOnly_GoesOn() =>
        AssertGoesOn(await _folder.CompileAsync("server",
            $"{CompiledFolder.CouldLoad}\nconst char text[] = \"OpenSSL 3.0.2 or newer is needed, OpenSSL 3.0 at least\";\n{Main}"));

    [Test]
    public async Task Program_UsesLibCryptoAndCarriesItsHeadersText_IsNotSaidToHaveItInside() =>
        AssertGoesOn(await _folder.CompileAsync("server", $"#include <openssl/opensslv.h>\n#include <openssl/crypto.h>\n"
            + $"const char text[] = OPENSSL_VERSION_TEXT;\nint main(void) {{ return OpenSSL_version(0) == text; }}\n", "-lcrypto"));

    [Test]
    public async Task Program_WithoutLibSsl_IsStopped() =>
        AssertStopped(await _folder.CompileAsync("server", Main), "uses no libssl and cannot load one");

    [TestCase("void *dlopen(const char *, int);\nvoid *could(void) { return dlopen(\"libssl.so.3\", 1); }\n")]
    [TestCase("#include <unistd.h>\nint could(char **arguments) { return execv(\"/usr/sbin/nginx\", arguments); }\n")]
    [TestCase("#include <spawn.h>\nint (*could)(pid_t *, const char *, const posix_spawn_file_actions_t *, const posix_spawnattr_t *, "
        + "char *const[], char *const[]) = posix_spawn;\n")]
    public async Task Program_WithoutLibSslButCouldGetOne_GoesOn(string source) =>
        AssertGoesOn(await _folder.CompileAsync("server", source + Main));

    [Test]
    public async Task Program_ItsLibraryCouldLoadLibSsl_GoesOn()
    {
        await _folder.CompileLibraryAsync("libplugins.so", CompiledFolder.CouldLoad);

        AssertGoesOn(await _folder.CompileAsync("server", "void *could_load(const char *);\n"
            + "int main(void) { return could_load(\"x\") != 0; }\n", "-L" + _folder.Root, "-lplugins", "-Wl,-rpath,$ORIGIN"));
    }

    [TestCase("libssl.so.3")]
    [TestCase("libssl.so.1.1")]
    [TestCase("libssl.so.4")]
    [TestCase("libssl.so", Description = "a build of one's own")]
    public async Task Program_UsesLibSsl_GoesOn(string name) =>
        AssertGoesOn(await CompileWithLibSslAsync(name, "int SSL_library(void) { return 0; }\n"));

    [TestCase("libssl.so.1.0.0")]
    [TestCase("libssl.so.1.0.2")]
    [TestCase("libssl.so.10")]
    public async Task Program_UsesAnOldLibSsl_IsStopped(string name) =>
        AssertStopped(await CompileWithLibSslAsync(name, "int SSL_library(void) { return 0; }\n"),
            $"uses {name}, which is too old: its sessions are shared with OpenSSL 1.1.1 or newer.");

    [TestCase("libssl.so.57", "LibreSSL 3.8.2")]
    [TestCase("libssl.so", "OpenSSL 1.1.1 (compatible; BoringSSL)")]
    public async Task Program_UsesAnotherLibSsl_IsStopped(string name, string version) =>
        AssertStopped(
            await CompileWithLibSslAsync(name, $"const char version[] = \"{version}\";\nint SSL_library(void) {{ return version[0]; }}\n"),
            $"uses {name}, which is {version} and not OpenSSL's");

    [Test]
    public async Task Script_ItsInterpreterIsStopped_IsStoppedAndNamesBoth()
    {
        string server = await _folder.CompileAsync("server", Main, "-static");
        _folder.Write("inner", $"#!{server} -x\n", executable: true);

        AssertStopped(_folder.Write("outer", $"#! {_folder["inner"]}\n", executable: true),
            $"{_folder["inner"]} is a script for {server}, and that is statically linked", beginsWithPath: false);
    }

    [TestCase("#!/bin/sh\nexec nginx\n")]
    [TestCase("#!/usr/bin/env sh\n")]
    [TestCase("#!/usr/bin/env -S A=b sh -e\n")]
    [TestCase("#!/usr/bin/env nobody-knows-this-program\n")]
    public void Script_ForAShell_GoesOn(string text) => AssertGoesOn(_folder.Write("start", text, executable: true));

    [Test]
    public async Task Script_ForEnvAndAProgramThatIsStopped_IsStopped()
    {
        string server = await _folder.CompileAsync("server", Main, "-static");

        AssertStopped(_folder.Write("start", $"#!/usr/bin/env {server}\n", executable: true),
            $"is a script for {server}, and that is statically linked");
        AssertStopped(_folder.Write("split", $"#!/usr/bin/env -S A=b {server} -e\n", executable: true),
            $"is a script for {server}, and that is statically linked");
    }

    [Test]
    public void Script_ItsInterpreterIsMissing_IsStopped()
    {
        ToolException exception = AssertStopped(
            _folder.Write("start", "#!/nowhere/sh\n", executable: true), "/nowhere/sh", beginsWithPath: false);

        Assert.That(exception.ExitCode, Is.EqualTo(127));
    }

    [Test]
    public void Script_OfItself_IsStopped()
    {
        _folder.Write("start", $"#!{_folder["start"]}\n", executable: true);

        AssertStopped(_folder["start"], "deeper than Linux follows");
    }

    [Test]
    public void LoaderItself_GoesOn()
    {
        using ElfFile file = ElfFile.TryOpen("/bin/sh")!;

        AssertGoesOn(new ElfImage(file).Interpreter!);
    }

    [TestCase("nginx")]
    [TestCase("apache2")]
    [TestCase("stunnel4")]
    [TestCase("haproxy")]
    [TestCase("python3")]
    [TestCase("openssl")]
    [TestCase("sh")]
    public void InstalledServer_GoesOn(string name)
    {
        string? path = ChildProcess.Find(name) ?? (File.Exists("/usr/sbin/" + name) ? "/usr/sbin/" + name : null);
        if (path is null)
        {
            Assert.Ignore($"{name} is not installed.");
        }

        AssertGoesOn(path!);
    }

    private async Task<string> CompileWithLibSslAsync(string name, string source)
    {
        await _folder.CompileLibraryAsync(name, source, "-Wl,-soname," + name);
        return await _folder.CompileAsync("server", UsesLibSsl, _folder[name], "-Wl,-rpath,$ORIGIN");
    }

    private static void AssertGoesOn(string program) => Assert.That(() => ProgramCheck.ThrowIfStopped(program), Throws.Nothing);

    private static ToolException AssertStopped(string program, string sentence, bool beginsWithPath = true)
    {
        var exception = Assert.Throws<ToolException>(() => ProgramCheck.ThrowIfStopped(program))!;
        Assert.That(exception.Message, Does.Contain(sentence).And.EndsWith(".").And.Not.Contain('\n'));
        Assert.That(exception.Message, beginsWithPath ? Does.StartWith(program) : Is.Not.Empty);
        return exception;
    }
}
