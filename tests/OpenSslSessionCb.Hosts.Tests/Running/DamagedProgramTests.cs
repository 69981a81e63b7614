using OpenSslSessionCb.Tool;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>A file that claims to be a program may say anything of itself.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class DamagedProgramTests
{
    private const string Source = "#include <stdio.h>\nint main(void) { return puts(\"\"); }\n";
    private const string Damaged = "is damaged: what its ELF headers name lies outside of the file, or makes no sense.";

    private CompiledFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new CompiledFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Program_CutAtAnyLength_IsStoppedInOneSentence()
    {
        string program = await _folder.CompileAsync("server", Source, "-s");
        Assert.That(Sentence(program),
            Does.EndWith("uses no libssl and cannot load one, so it has no sessions of OpenSSL's that could be shared."), "as it is");
        long mapped = EndOfSegments(await File.ReadAllBytesAsync(program));

        using var file = new FileStream(program, FileMode.Open, FileAccess.ReadWrite);
        for (long length = file.Length - 1; length >= 0; length--)
        {
            file.SetLength(length);
            Assert.That(Sentence(program), Is.EqualTo(length switch
            {
                < 4 =>
                    $"{program} is no program: it is neither an ELF file nor a script that begins with #! and the name of its interpreter.",
                _ when length < mapped => $"{program} {Damaged}",

                // What is cut off is for debuggers.
                _ => $"{program} uses no libssl and cannot load one, so it has no sessions of OpenSSL's that could be shared.",
            }), $"cut at {length}");
        }
    }

    [Test]
    public async Task Program_BytesChanged_IsStoppedInOneSentenceOrNotAtAll()
    {
        string program = await _folder.CompileAsync("server", Source, "-s");
        byte[] original = await File.ReadAllBytesAsync(program);
        var random = new Random(4);
        var sentences = new HashSet<string>();
        using var file = new FileStream(program, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        for (int round = 0; round < 1500; round++)
        {
            byte[] changed = [.. original];
            for (int change = random.Next(1, 5); change > 0; change--)
            {
                // Most of what is read is at the beginning: the headers, and the tables of the loader.
                int at = random.Next(random.Next(2) == 0 ? 1024 : changed.Length);
                changed[at] = (byte)(random.Next(3) switch { 0 => 0xFF, 1 => 0, _ => random.Next(256) });
            }

            file.Position = 0;
            await file.WriteAsync(changed);
            sentences.Add(Sentence(program) ?? "goes on");
        }

        Assert.That(sentences, Has.Count.GreaterThan(2).And.Contain($"{program} {Damaged}"));
        Assert.That(sentences, Has.None.Matches<string>(static sentence => sentence.Any(char.IsControl)));
    }

    [TestCase(32, new byte[] { 0xF0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF }, Description = "the headers lie at the end of the numbers")]
    [TestCase(54, new byte[] { 0, 0 }, Description = "headers of no length")]
    [TestCase(56, new byte[] { 0xFF, 0xFF }, Description = "more headers than Linux reads")]
    [TestCase(56, new byte[] { 0, 0 }, Description = "no headers")]
    [TestCase(16, new byte[] { 1, 0 }, Description = "an object file")]
    public async Task Program_HeaderMakesNoSense_IsStopped(int offset, byte[] bytes)
    {
        string program = await _folder.CompileAsync("server", Source);
        byte[] changed = await File.ReadAllBytesAsync(program);
        bytes.CopyTo(changed, offset);
        await File.WriteAllBytesAsync(program, changed);

        Assert.That(Sentence(program), Is.EqualTo($"{program} {Damaged}"));
    }

    [Test]
    public async Task Library_Damaged_IsNotWhatStopsTheProgram()
    {
        string library = await _folder.CompileLibraryAsync("libpart.so", "int part(void) { return 0; }\n");
        string program = await _folder.CompileAsync(
            "server", "int part(void);\nint main(void) { return part(); }\n", library, "-Wl,-rpath," + _folder.Root);
        Assert.That(Sentence(program), Does.Contain("uses no libssl and cannot load one"), "as it is");
        await File.WriteAllBytesAsync(library, (await File.ReadAllBytesAsync(library))[..200]);

        Assert.That(Sentence(program), Is.Null);
    }

    /// <summary>Where what is mapped ends: the file's p_offset and p_filesz, from its 56-byte program headers at 64.</summary>
    private static long EndOfSegments(byte[] file) => Enumerable.Range(0, BitConverter.ToUInt16(file, 56))
        .Select(static index => 64 + (index * 56))
        .Where(at => BitConverter.ToUInt32(file, at) == 1)
        .Max(at => BitConverter.ToInt64(file, at + 8) + BitConverter.ToInt64(file, at + 32));

    private static string? Sentence(string program)
    {
        try
        {
            ProgramCheck.ThrowIfStopped(program);
            return null;
        }
        catch (ToolException exception)
        {
            return exception.Message;
        }
    }
}
