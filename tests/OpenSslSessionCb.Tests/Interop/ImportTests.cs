using System.Reflection;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>Every function that is bound is there in the loaded library, or is known not to be.</summary>
public sealed partial class ImportTests
{
    public static IEnumerable<MethodInfo> Imports { get; } =
        [.. new[] { typeof(LibSsl), typeof(LibCrypto) }
            .SelectMany(static type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(static method => method.IsDefined(typeof(DllImportAttribute), false))];

    [Test]
    public void Import_EachOne_ResolvesOrIsGatedByVersion()
    {
        Dictionary<string, VersionGatedSymbol> gated = VersionGatedSymbol.All.ToDictionary(static symbol => symbol.Name);
        var wrong = new List<string>();
        foreach (MethodInfo import in Imports)
        {
            bool expected = !gated.TryGetValue(import.Name, out VersionGatedSymbol? symbol) || symbol.IsIn(OpenSslLibrary.Version);
            if (Prelinks(import) != expected)
            {
                wrong.Add($"{import.Name}: {(expected ? "is missing" : "is there, and should not be")}");
            }
        }

        Assert.That(Imports.Count(), Is.GreaterThan(250));
        Assert.That(wrong, Is.Empty);
    }

    [Test]
    public void Import_EachOne_ComesFromTheLibraryThatHasIt()
    {
        foreach (MethodInfo import in Imports)
        {
            string library = import.GetCustomAttribute<DllImportAttribute>()!.Value;
            Assert.That(library, Is.EqualTo(import.DeclaringType == typeof(LibSsl) ? "libssl" : "libcrypto"), import.Name);
        }
    }

    [Test]
    public void GatedSymbol_EachOne_IsBound() =>
        Assert.That(
            VersionGatedSymbol.All.Select(static symbol => symbol.Name),
            Is.SubsetOf(Imports.Select(static import => import.Name).ToArray()));

    [TestCase("libssl", "LibSsl")]
    [TestCase("libcrypto", "LibCrypto")]
    public void Included_EachName_IsInTheGeneratedFile(string responses, string type)
    {
        string[] lines = File.ReadAllLines(Repository.PathOf($"interop/generation/{responses}.rsp"));
        string generated = File.ReadAllText(Repository.PathOf($"interop/Generated/{type}.cs"));
        string[] common = File.ReadAllLines(Repository.PathOf("interop/generation/common.rsp"));
        Dictionary<string, string> renamed = common.Concat(lines).Where(static line => line.Contains('=', StringComparison.Ordinal))
            .Select(static line => line.Split('=', 2)).GroupBy(static pair => pair[0])
            .ToDictionary(static group => group.Key, static group => group.First()[1]);
        HashSet<string> words = [.. Word().Matches(generated).Select(static match => match.Value)];

        string[] included = [.. lines.SkipWhile(static line => line != "--include").Skip(1).Where(static line => line.Length > 0)];
        string[] missing = [.. included.Where(name => name.EndsWith('*')
            ? !words.Any(word => word.StartsWith(name[..^1], StringComparison.Ordinal))
            : !words.Contains(renamed.GetValueOrDefault(name, name)))];

        Assert.That(included, Has.Length.GreaterThan(80));
        Assert.That(missing, Is.Empty);
    }

    private static bool Prelinks(MethodInfo import)
    {
        try
        {
            Marshal.Prelink(import);
            return true;
        }
        catch (EntryPointNotFoundException)
        {
            return false;
        }
    }

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();
}
