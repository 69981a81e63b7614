using System.Text.RegularExpressions;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Documents that show code show code that compiles, and point at files that are there.</summary>
public sealed partial class ReadmeTests
{
    private static string[] Documents =>
        [.. Directory.GetFiles(Repository.Root, "*.md"), .. Directory.GetFiles(Repository.PathOf("docs"), "*.md")];

    [Test]
    public void Readme_EachBlockOfCode_StandsInTheSnippetsThatAreCompiled()
    {
        string compiled = Normalize(File.ReadAllText(Repository.PathOf("tests/OpenSslSessionCb.Tests/Docs/ReadmeSnippets.cs")));
        string[] blocks =
        [
            .. CodeBlock().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(static match => match.Groups[1].Value),
        ];

        Assert.That(blocks, Has.Length.EqualTo(3));
        foreach (string block in blocks)
        {
            Assert.That(compiled, Does.Contain(Normalize(block)));
        }
    }

    [TestCaseSource(nameof(Documents))]
    public void Document_EachLinkIntoTheRepository_PointsAtAFile(string document)
    {
        string folder = Path.GetDirectoryName(document)!;
        foreach (Match link in Link().Matches(File.ReadAllText(document)))
        {
            string target = link.Groups[1].Value.Split('#')[0];
            if (target.Length > 0 && !target.Contains("://", StringComparison.Ordinal))
            {
                Assert.That(Path.Exists(Path.Combine(folder, target)), $"{Path.GetFileName(document)} links to {target}");
            }
        }
    }

    private static string Normalize(string code) =>
        string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();
}
