#:property PublishAot=false
#:property ImplicitUsings=enable
#:property NoWarn=$(NoWarn);CA1303;CA1305;CA1852;CA2007

// Prints which share of the lines of src was run by the tests, from what coverlet has left: a line counts once, whichever tests ran it.
// What only runs in processes that the tests start is not seen.
//
//   dotnet run tests/coverage/Coverage.cs -- artifacts/test-results

using System.Xml.Linq;

string root = Environment.CurrentDirectory;
var lines = new Dictionary<(string File, int Line), bool>();
foreach (string report in Directory.EnumerateFiles(args[0], "coverage.cobertura.xml", SearchOption.AllDirectories))
{
    XElement coverage = XDocument.Load(report).Root!;
    string[] sources = [.. coverage.Descendants("source").Select(static source => source.Value)];
    foreach (XElement type in coverage.Descendants("class"))
    {
        string name = type.Attribute("filename")!.Value;
        string? file = sources.Select(source => Path.Combine(source, name)).FirstOrDefault(File.Exists);
        if (file is null || Path.GetRelativePath(root, file).Split('/') is not ["src", ..])
        {
            continue;
        }

        foreach (XElement line in type.Descendants("line"))
        {
            (string, int) key = (Path.GetRelativePath(root, file), int.Parse(line.Attribute("number")!.Value));
            lines[key] = lines.GetValueOrDefault(key) || line.Attribute("hits")!.Value != "0";
        }
    }
}

if (lines.Count == 0)
{
    Console.Error.WriteLine($"{args[0]} holds no coverage.cobertura.xml: run ./build.sh test --coverage.");
    return 1;
}

foreach (IGrouping<string, KeyValuePair<(string File, int Line), bool>> folder in lines
    .GroupBy(static line => Path.GetDirectoryName(line.Key.File)!)
    .OrderBy(static folder => folder.Key, StringComparer.Ordinal))
{
    Print(folder.Key, folder);
}

Print("src", lines);
return 0;

static void Print(string what, IEnumerable<KeyValuePair<(string File, int Line), bool>> lines)
{
    (int covered, int all) = (lines.Count(static line => line.Value), lines.Count());
    Console.WriteLine($"{100.0 * covered / all,5:0.0} % of {all,5} lines  {what}");
}
