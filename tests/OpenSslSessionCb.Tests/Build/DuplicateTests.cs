using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>No block of code stands twice below src.</summary>
public sealed class DuplicateTests
{
    private const int MostEqualLines = 12;

    [Test]
    public void Source_HasNoBlockTwice() => Assert.That(Duplicates(Directory
        .EnumerateFiles(Repository.PathOf("src"), "*.cs", SearchOption.AllDirectories)
        .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal) && !file.Contains("/bin/", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal).Select(static file => (file, File.ReadAllLines(file)))), Is.Empty);

    [TestCase(MostEqualLines, false)]
    [TestCase(MostEqualLines + 1, true)]
    public void Duplicates_OfSoManyLines_AreFound(int count, bool areFound)
    {
        string[] block = [.. Enumerable.Range(0, count).Select(static i => $"    Call({i});")];
        Assert.That(Duplicates([("a", ["a {", .. block]), ("b", [.. block, "} b"])]).Any(), Is.EqualTo(areFound));
    }

    private static IEnumerable<string> Duplicates(IEnumerable<(string File, string[] Lines)> sources)
    {
        var seen = new Dictionary<string, string>();
        string last = "";
        foreach ((string file, string[] lines) in sources)
        {
            (string Text, int Number)[] code =
                [.. lines.Select(static (line, number) => (line.Trim(), number + 1)).Where(static line => line.Item1.Length > 0)];
            for (int i = 0; i + MostEqualLines < code.Length; i++)
            {
                string block = string.Join('\n', code[i..(i + MostEqualLines + 1)].Select(static line => line.Text));
                string here = $"{file}:{code[i].Number}";
                if (!seen.TryAdd(block, here) && last != file + seen[block].Split(':')[0])
                {
                    last = file + seen[block].Split(':')[0];
                    yield return $"{here} is {seen[block]} again";
                }
            }
        }
    }
}
