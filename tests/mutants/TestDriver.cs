using System.Globalization;
using System.Xml.Linq;

namespace OpenSslSessionCb.Mutants;

/// <summary>Runs some of the tests that are built in a folder.</summary>
internal sealed class TestDriver(string folder, string resultsFolder)
{
    private const string Namespace = "OpenSslSessionCb.Tests.";

    internal string Folder => folder;

    /// <param name="words">Those tests run in whose full names one of them is.</param>
    /// <param name="limit">What takes longer hangs.</param>
    internal Results Run(string[] words, TimeSpan limit)
    {
        if (Directory.Exists(resultsFolder))
        {
            Directory.Delete(resultsFolder, recursive: true);
        }

        string filter = string.Join('|', words.Select(static word => $"FullyQualifiedName~{word}"));
        (int? code, string output, string errors) = Command.Run(
            "dotnet", folder, limit,
            "test", "OpenSslSessionCb.Tests.dll", "--filter", filter,
            "--logger", "trx;LogFileName=results.trx", "--results-directory", resultsFolder);
        if (code is null)
        {
            return new Results(true, "the tests hang", []);
        }

        // The process that runs the tests, not the one that was started here.
        if ((output + errors).Contains("Test Run Aborted", StringComparison.Ordinal))
        {
            return new Results(true, "the tests' process crashes", []);
        }

        string file = Path.Join(resultsFolder, "results.trx");
        Results? results = File.Exists(file) ? Read(XElement.Load(file)) : null;
        return results is not null && (results.HaveFailed || code == 0)
            ? results
            : throw new ListException($"the tests did not run as they should: {output}{errors}");
    }

    private static Results Read(XElement run)
    {
        var names = new Dictionary<string, string>();
        foreach (XElement test in Of(run, "UnitTest"))
        {
            string type = Of(test, "TestMethod").Single().Attribute("className")!.Value;
            names[test.Attribute("id")!.Value] = $"{type[Namespace.Length..]}.{test.Attribute("name")!.Value}";
        }

        var failed = new SortedSet<string>(StringComparer.Ordinal);
        var passed = new List<(string Name, TimeSpan Duration)>();
        foreach (XElement result in Of(run, "UnitTestResult"))
        {
            string name = names[result.Attribute("testId")!.Value];
            switch (result.Attribute("outcome")!.Value)
            {
                case "Failed":
                    failed.Add(name);
                    break;
                case "Passed":
                    passed.Add((name, TimeSpan.Parse(result.Attribute("duration")?.Value ?? "0", CultureInfo.InvariantCulture)));
                    break;
            }
        }

        string more = failed.Count > 1 ? $", and {failed.Count - 1} more" : "";
        return new Results(failed.Count > 0, failed.Count > 0 ? $"{failed.Min} fails{more}" : "all tests pass", passed);
    }

    private static IEnumerable<XElement> Of(XElement element, string name) =>
        element.Descendants().Where(found => found.Name.LocalName == name);

    /// <param name="HaveFailed">Whether one failed, or they came to no end.</param>
    /// <param name="InWords">How it went.</param>
    /// <param name="Passed">The names of those that passed, and how long each took.</param>
    internal sealed record Results(bool HaveFailed, string InWords, IReadOnlyList<(string Name, TimeSpan Duration)> Passed);
}
