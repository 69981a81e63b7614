using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What is written by hand can be read beside another file, and in a review.</summary>
public sealed class SourceFileTests
{
    private const int MaxColumns = 140;

    private static readonly string[] s_kinds = [".cs", ".c", ".h", ".sh", ".ps1"];

    // What is built, fetched or generated.
    private static readonly string[] s_otherFolders = ["bin", "obj", "artifacts", "Generated", "TestResults"];

    [Test]
    public void Lines_WrittenByHand_HaveAtMost140Columns()
    {
        string[] files = [.. FilesIn(Repository.Root)];
        Assert.That(files, Has.Length.GreaterThan(400), "files that were looked at");

        string[] tooLong =
        [
            .. from file in files
                from line in File.ReadLines(file).Index()
                where line.Item.Length > MaxColumns
                select $"{Path.GetRelativePath(Repository.Root, file)}:{line.Index + 1}: {line.Item.Length} columns",
        ];
        Assert.That(tooLong, Is.Empty, string.Join('\n', tooLong));
    }

    private static IEnumerable<string> FilesIn(string folder) =>
        Directory.EnumerateFiles(folder).Where(static file => s_kinds.Contains(Path.GetExtension(file)))
            .Concat(Directory.EnumerateDirectories(folder).Where(IsOurs).SelectMany(FilesIn));

    private static bool IsOurs(string folder) =>
        Path.GetFileName(folder) is var name && !name.StartsWith('.') && !s_otherFolders.Contains(name);
}
