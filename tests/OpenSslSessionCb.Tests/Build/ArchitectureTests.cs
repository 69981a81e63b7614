using System.Text.RegularExpressions;
using NUnit.Framework;
using OpenSslSessionCb.House;

namespace OpenSslSessionCb.Tests;

/// <summary>No folder of src uses one above it, as docs/house.txt has them, so no two use each other.</summary>
public sealed partial class ArchitectureTests
{
    private static readonly Storeys s_storeys = Storeys.Read(Repository.PathOf("docs/house.txt"));
    private static readonly string[] s_projects =
    [
        .. Directory.GetFiles(Repository.PathOf("src"), "*.csproj", SearchOption.AllDirectories)
            .Select(static file => Path.GetFileNameWithoutExtension(file)).Order(StringComparer.Ordinal),
    ];

    [TestCaseSource(nameof(s_projects))]
    public void Project_Compiled_HasNoArrowThatPointsUp(string name)
    {
        Assert.That(s_storeys.FaultsOf(Read(name)), Is.Empty);
    }

    [Test]
    public void Picture_IsDrawnFromTheList() => Assert.That(
        File.ReadAllText(Repository.PathOf("docs/house.svg")),
        Is.EqualTo(Drawing.Of("OpenSslSessionCb", s_storeys.Projects["OpenSslSessionCb"])), "./build.sh house --write draws it");

    [Test]
    public void Document_Names_AreFilesOfTheLibrary()
    {
        string source = Repository.PathOf("src/OpenSslSessionCb");
        string document = File.ReadAllText(Repository.PathOf("docs/architecture.md"));
        string[] files = [.. Directory.GetFiles(source, "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension)!];
        string[] names = [.. Name().Matches(document).Select(static match => match.Groups[1].Value).Distinct()];
        Assert.That(names.Except(files), Is.EquivalentTo((string[])["ArchitectureTests"]), "no file of the library");
        Assert.That(names, Has.Length.GreaterThan(30));
    }

    [Test]
    public void House_ListsEveryProject() => Assert.That(s_storeys.Projects.Keys.Order(StringComparer.Ordinal), Is.EqualTo(s_projects));

    /// <summary>A circle needs an arrow that points up: of the two one is found, and both types are named.</summary>
    [Test]
    public void FaultsOf_FoldersTheOtherWayRound_NamesBothTypes()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("house.txt", "OpenSslSessionCb\n"
            + string.Join("\n", s_storeys.Projects["OpenSslSessionCb"].Select(static room => $"  {room.Name} x").Reverse()));

        string[] faults = [.. Storeys.Read(text).FaultsOf(Read("OpenSslSessionCb"))];
        Assert.That(faults, Has.Some.EqualTo("SslSession in OpenSsl/Sessions uses ErrorMark in OpenSsl/Errors, which is above it"));
        Assert.That(faults, Has.Some.StartWith("SessionCache in Sharing uses SessionPipeline in Keeping"), "in a field");
        Assert.That(faults, Has.Some.StartWith("SessionTrampolines in Callbacks uses SslSessionId in OpenSsl/Sessions"), "in a body");
    }

    [Test]
    public void FaultsOf_FolderThatIsNotListed_SaysSo()
    {
        using var folder = new TemporaryFolder();
        string text = folder.Write("house.txt", "OpenSslSessionCb\n  Elsewhere x\n");
        Assert.That(Storeys.Read(text).FaultsOf(Read("OpenSslSessionCb")), Is.SupersetOf(
            (string[])["docs/house.txt has no folder Stores in OpenSslSessionCb", "OpenSslSessionCb has no folder Elsewhere"]));
    }

    [GeneratedRegex("`([A-Z][A-Za-z.]+)`")]
    private static partial Regex Name();

    private static Project Read(string name)
    {
        string folder = Repository.PathOf($"src/{name}");
        string configuration = Path.GetFileName(Path.GetDirectoryName(AppContext.BaseDirectory.TrimEnd('/')))!;
        if (Project.AssemblyOf(folder, configuration) is not { } assembly)
        {
            Assert.Ignore($"{name} is not built: ./build.sh native does that");
            throw new InvalidOperationException();
        }

        return Project.Read(folder, assembly);
    }
}
