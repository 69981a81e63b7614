using System.Reflection;
using NUnit.Framework;
using OpenSslSessionCb.House;
using OpenSslSessionCb.Mutants;

namespace OpenSslSessionCb.Tests;

/// <summary>The faults of tests/mutants fit the code as it is. Whether a test notices them says ./build.sh mutate.</summary>
public sealed class MutantListTests
{
    private static readonly string s_core = Repository.PathOf(Bench.Core);
    private static readonly List<Mutant> s_mutants = Mutant.ReadAll(Repository.PathOf("tests/mutants"), s_core, []);

    [Test]
    public void Mutants_EachChangesItsFile()
    {
        foreach (Mutant mutant in s_mutants)
        {
            string source = File.ReadAllText(Path.Join(s_core, mutant.SourceFile));
            Assert.That(mutant.Apply(source), Is.Not.EqualTo(source), mutant.Name);
        }
    }

    [Test]
    public void Mutants_EachNamesTestsThatExist()
    {
        Type[] fixtures = [.. Assembly.GetExecutingAssembly().GetTypes().Where(static type => type.IsPublic)];
        HashSet<string> names = [.. from type in fixtures from method in type.GetMethods() select method.Name];
        names.UnionWith(fixtures.Select(static type => type.Name));
        Assert.That(s_mutants.SelectMany(static mutant => mutant.Tests).Distinct().Except(names), Is.Empty);
    }

    [Test]
    public void Mutants_EveryFolderOfTheCore_HasSome()
    {
        IEnumerable<string> folders = Storeys.Read(Repository.PathOf("docs/house.txt")).Projects[Path.GetFileName(s_core)]
            .Select(static room => room.Name);
        Assert.That(s_mutants.Select(static mutant => mutant.Folder).Distinct(), Is.SupersetOf(folders));
    }

    [TestCase("a = 1;", "a = 2;", TestName = "Apply_CodeIsBrokenIntoOtherLines_IsFound")]
    [TestCase("a = 1; a = 1;", null, TestName = "Apply_CodeIsThereTwice_IsRefused")]
    [TestCase("b = 1;", null, TestName = "Apply_CodeIsNotThere_IsRefused")]
    public void Apply(string source, string? expected)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(Path.Join(folder.Root, "mutants", "Folder"));
        Directory.CreateDirectory(Path.Join(folder.Root, "core", "Folder"));
        File.WriteAllText(Path.Join(folder.Root, "core", "Folder", "A.cs"), source);
        string text = "file: A.cs\nwhat: it is another number\ntests: Tests\n--- before\na =\n  1;\n--- after\na = 2;\n";
        File.WriteAllText(Path.Join(folder.Root, "mutants", "Folder", "a.mutant"), text);
        Func<string> apply = () =>
            Mutant.ReadAll(Path.Join(folder.Root, "mutants"), Path.Join(folder.Root, "core"), []).Single().Apply(source);

        Assert.That(apply, expected is null ? Throws.TypeOf<ListException>() : Is.EqualTo(expected));
    }
}
