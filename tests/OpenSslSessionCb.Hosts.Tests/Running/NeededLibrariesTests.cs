using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>Libraries are found where the loader finds them.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class NeededLibrariesTests
{
    private const string CallsPart = "int part(void);\nint main(void) { return part(); }\n";
    private const string Part = "int part(void) { return 0; }\n";

    private CompiledFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new CompiledFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("-Wl,--enable-new-dtags", Description = "DT_RUNPATH")]
    [TestCase("-Wl,--disable-new-dtags", Description = "DT_RPATH")]
    public async Task Library_InTheProgramsOwnFolders_IsFound(string tags)
    {
        string library = await _folder.CompileLibraryAsync("lib/libpart.so", Part, "-Wl,-soname,libpart.so");
        string program = await _folder.CompileAsync("bin/server", CallsPart, library, tags, "-Wl,-rpath,/nowhere:${ORIGIN}/../lib");

        NeededLibraries libraries = Read(program, new LoaderFolders(null));

        Assert.That(Path.GetFullPath(libraries.Found["libpart.so"]!), Is.EqualTo(library));
        Assert.That(libraries.MayGetMore, Is.False);
    }

    // DT_RPATH also serves the libraries that the program's libraries need, DT_RUNPATH does not.
    [TestCase("-Wl,--disable-new-dtags", true)]
    [TestCase("-Wl,--enable-new-dtags", false)]
    public async Task Library_OfALibrary_IsFoundByTheProgramsOldRunPathOnly(string tags, bool found)
    {
        string inner = await _folder.CompileLibraryAsync("libinner.so", Part, "-Wl,-soname,libinner.so");
        string outer = await _folder.CompileLibraryAsync(
            "libouter.so", "int part(void);\nint outer(void) { return part(); }\n", "-Wl,-soname,libouter.so", inner);
        string program = await _folder.CompileAsync("server", "int outer(void);\nint main(void) { return outer(); }\n",
            outer, tags, "-Wl,-rpath," + _folder.Root, "-Wl,-rpath-link," + _folder.Root);

        NeededLibraries libraries = Read(program, new LoaderFolders(null));

        Assert.That(libraries.Found["libouter.so"], Is.Not.Null);
        Assert.That(libraries.Found["libinner.so"], found ? Is.Not.Null : Is.Null);
        Assert.That(libraries.MayGetMore, Is.EqualTo(!found), "what is not found may be anything");
    }

    [Test]
    public async Task Library_InLibraryPath_IsFound()
    {
        string library = await _folder.CompileLibraryAsync("lib/libpart.so", Part, "-Wl,-soname,libpart.so");
        string program = await _folder.CompileAsync("server", CallsPart, library);

        Assert.That(Read(program, new LoaderFolders($"/nowhere:{_folder["lib"]}")).Found["libpart.so"], Is.EqualTo(library));
    }

    [Test]
    public async Task Library_InAFolderOfTheLoadersConfiguration_IsFound()
    {
        string library = await _folder.CompileLibraryAsync("lib/libpart.so", Part, "-Wl,-soname,libpart.so");
        string program = await _folder.CompileAsync("server", CallsPart, library);
        Directory.CreateDirectory(_folder["conf.d"]);
        _folder.Write("conf.d/other.conf", "/nowhere\n");
        _folder.Write("conf.d/ours.conf", $"# ours\n{_folder["lib"]} # here\n");
        string configuration = _folder.Write("ld.so.conf", "include conf.d/*.conf\ninclude ld.so.conf\ninclude /nowhere/*.conf\n");

        Assert.That(Read(program, new LoaderFolders(null, configuration)).Found["libpart.so"], Is.EqualTo(library));
    }

    [Test]
    public async Task Library_OfAnotherArchitecture_IsPassedOver()
    {
        string library = await _folder.CompileLibraryAsync("lib/libpart.so", Part, "-Wl,-soname,libpart.so");
        string program = await _folder.CompileAsync("server", CallsPart, library);
        Directory.CreateDirectory(_folder["other"]);
        byte[] other = await File.ReadAllBytesAsync(library);
        other[18] ^= 0xFF;
        await File.WriteAllBytesAsync(_folder["other/libpart.so"], other);

        Assert.That(Read(program, new LoaderFolders($"{_folder["other"]}:{_folder["lib"]}")).Found["libpart.so"], Is.EqualTo(library));
    }

    [Test]
    public async Task Library_HasAFunctionOfTheNameItself_TakesItFromNobody()
    {
        string library = await _folder.CompileLibraryAsync("libpart.so", "int execv(void) { return 0; }\n"
            + "int part(void) { return execv(); }\n", "-Wl,-soname,libpart.so", "-fno-builtin", "-fsemantic-interposition");
        string program = await _folder.CompileAsync("server", CallsPart, library, "-Wl,-rpath,$ORIGIN");

        Assert.That(Read(program, new LoaderFolders(null)).MayGetMore, Is.False);
    }

    [Test]
    public async Task LibSsl_NeededByALibrary_IsAmongThem()
    {
        string libssl = await _folder.CompileLibraryAsync("libssl.so.3", Part, "-Wl,-soname,libssl.so.3");
        string outer = await _folder.CompileLibraryAsync("libouter.so",
            "int part(void);\nint outer(void) { return part(); }\n", "-Wl,-soname,libouter.so", libssl, "-Wl,-rpath,$ORIGIN");
        string program = await _folder.CompileAsync("server",
            "int outer(void);\nint main(void) { return outer(); }\n", outer, "-Wl,-rpath,$ORIGIN", "-Wl,-rpath-link," + _folder.Root);

        Assert.That(Read(program, new LoaderFolders(null)).Found["libssl.so.3"], Is.EqualTo(libssl));
        Assert.That(() => ProgramCheck.ThrowIfStopped(program), Throws.Nothing);
    }

    private static NeededLibraries Read(string program, LoaderFolders folders)
    {
        using ElfFile file = ElfFile.TryOpen(program)!;
        return new NeededLibraries(program, new ElfImage(file).Dynamic!, ElfIdentity.TryRead(file)!.Value, folders);
    }
}
