using System.Text.RegularExpressions;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>docs/sslstream.md shows code that compiles.</summary>
public sealed partial class SslStreamDocumentTests
{
    [Test]
    public void Document_EachBlockOfCode_StandsInTheSnippetsThatAreCompiled()
    {
        string compiled = Normalize(File.ReadAllText(Repository.PathOf("tests/OpenSslSessionCb.Tests/Docs/SslStreamSnippets.cs")));
        string[] blocks =
        [
            .. CodeBlock().Matches(File.ReadAllText(Repository.PathOf("docs/sslstream.md"))).Select(static match => match.Groups[1].Value),
        ];

        Assert.That(blocks, Has.Length.EqualTo(3));
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
