using System.Text.RegularExpressions;

namespace OpenSslSessionCb.AspNetCore.Tests.Docs;

/// <summary>docs/kestrel.md shows code that compiles.</summary>
[TestFixture]
public sealed partial class KestrelDocumentTests
{
    [Test]
    public void Document_EachBlockOfCode_StandsInTheSampleOrTheSnippetsThatAreCompiled()
    {
        string compiled = Normalize(
            File.ReadAllText(Repository.PathOf("tests/OpenSslSessionCb.AspNetCore.Tests/Docs/KestrelSnippets.cs"))
            + File.ReadAllText(Repository.PathOf("docs/samples/Kestrel/Program.cs")));
        string[] blocks =
        [
            .. CodeBlock().Matches(File.ReadAllText(Repository.PathOf("docs/kestrel.md"))).Select(static match => match.Groups[1].Value),
        ];

        Assert.That(blocks, Has.Length.GreaterThanOrEqualTo(3));
        foreach (string block in blocks)
        {
            Assert.That(compiled, Does.Contain(Normalize(block)));
        }
    }

    private static string Normalize(string code) =>
        string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
