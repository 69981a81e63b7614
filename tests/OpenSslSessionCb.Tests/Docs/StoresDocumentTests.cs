using System.Text.RegularExpressions;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>docs/stores.md shows code that compiles, and a store that passes the contract.</summary>
public sealed partial class StoresDocumentTests
{
    private static readonly string[] s_compiled =
        ["Docs/StoresSnippets.cs", "Stores/FolderSessionStore.cs", "Stores/FolderSessionStoreTests.cs"];

    [Test]
    public void Document_EachBlockOfCode_StandsInTheFilesThatAreCompiled()
    {
        string[] compiled =
        [
            .. s_compiled.Select(static file =>
                Normalize(File.ReadAllText(Path.Combine(Repository.PathOf("tests/OpenSslSessionCb.Tests"), file)))),
        ];
        string[] blocks =
        [
            .. CodeBlock().Matches(File.ReadAllText(Repository.PathOf("docs/stores.md"))).Select(static match => match.Groups[1].Value),
        ];

        Assert.That(blocks, Has.Length.EqualTo(4));
        foreach (string block in blocks)
        {
            Assert.That(compiled, Has.Some.Contain(Normalize(block)));
        }
    }

    private static string Normalize(string code) =>
        string.Join('\n', code.Split('\n').Select(static line => line.Trim()).Where(static line => line.Length > 0));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CodeBlock();
}
