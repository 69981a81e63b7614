using System.Text.RegularExpressions;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>C and C# agree on the numbers that they call things by.</summary>
public sealed class GuardNumbersTests
{
    private static readonly string s_callbacks = Repository.PathOf("src/OpenSslSessionCb.Native/Guards/callbacks.c");
    private static readonly string s_contract = Repository.PathOf("native/preload/contract.h");

    [Test]
    public void Guards_OfCallbacks_AreEntryPoint() => Assert.That(
        NamesIn(s_callbacks, "GUARD_"), Is.EqualTo((string[])[.. Enum.GetNames<EntryPoint>(), "Count"]));

    [Test]
    public void Flags_OfContexts_AreHostCallback()
    {
        Dictionary<string, int> inC = Regex.Matches(File.ReadAllText(s_contract), @"CONTEXT_(\w+) = (\d+)")
            .ToDictionary(static match => Plain(match.Groups[1].Value), static match => int.Parse(match.Groups[2].Value));
        Assert.That(inC, Is.EqualTo(Enum.GetValues<HostCallback>().Where(static value => value != 0)
            .ToDictionary(static value => value.ToString(), static value => (int)value)));
    }

    private static string[] NamesIn(string file, string prefix) =>
        [.. Regex.Match(File.ReadAllText(file), $"enum \\{{ ({prefix}[^}}]*) \\}}").Groups[1].Value
            .Split(',', StringSplitOptions.TrimEntries).Select(name => Plain(name[prefix.Length..]))];

    /// <summary>GENERATE_ID is GenerateId.</summary>
    private static string Plain(string name) =>
        string.Concat(name.Split('_').Select(static word => word[0] + word[1..].ToLowerInvariant()));
}
