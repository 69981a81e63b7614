using System.Diagnostics;
using OpenSslSessionCb.Mutants;

// Puts one fault after the other into the core, and says which of them no test notices.
//
//   ./build.sh mutate                     all of them
//   ./build.sh mutate Caching Sealing     those of these folders
//   ./build.sh mutate Caching/near-cache-ignores-isolation
//
// A mutant is a file beside this one, in a folder of the same name as the one of src/OpenSslSessionCb that it is about;
// Mutant.Read says what is in it. Nothing is changed here: it all happens in a copy among the temporary files.
// Exit code 1: under 90 % of a folder's are caught, or one survives without a reason.
// Exit code 2: the list is not right, or the tests fail without any fault.
const double Enough = 0.9;

string root = FindRoot();
string copy = Directory.CreateTempSubdirectory("openssl-mutants-").FullName;

// Also when it is interrupted.
AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(copy, recursive: true);
try
{
    List<Mutant> mutants = Mutant.ReadAll(Path.Join(root, "tests", "mutants"), Path.Join(root, Bench.Core), args);
    Console.WriteLine($"{mutants.Count} mutants; building a copy, and running their tests on it as it is");
    var bench = new Bench(root, copy);
    bench.Build();
    bench.CheckTests(mutants);
    foreach (Mutant mutant in mutants)
    {
        var since = Stopwatch.StartNew();
        bench.Try(mutant);
        string verdict = mutant.IsCaught ? "caught  " : "SURVIVES";
        Console.WriteLine($"{verdict} {mutant.Name}: {mutant.Outcome} ({since.Elapsed.TotalSeconds:0} s)");
    }

    return Report(mutants, mutants.Exists(mutant => args.Contains(mutant.Name)));
}
catch (ListException exception)
{
    Console.Error.WriteLine($"mutate: {exception.Message}");
    return 2;
}

// Of some of a folder's mutants the share says nothing.
static int Report(List<Mutant> mutants, bool areSome)
{
    Console.WriteLine();
    bool isEnough = true;
    foreach (IGrouping<string, Mutant> folder in mutants.GroupBy(static mutant => mutant.Folder))
    {
        int caught = folder.Count(static mutant => mutant.IsCaught);
        isEnough &= areSome || caught >= Enough * folder.Count();
        Console.WriteLine($"{folder.Key,-14} {caught,3} of {folder.Count(),3} {100.0 * caught / folder.Count(),4:0} %");
    }

    Console.WriteLine($"{"all",-14} {mutants.Count(static mutant => mutant.IsCaught),3} of {mutants.Count,3}");
    foreach (Mutant mutant in mutants.Where(static mutant => !mutant.IsCaught))
    {
        Console.WriteLine($"survives: {mutant.Name} ({mutant.What}): {mutant.Reason ?? "no reason is given"}");
    }

    foreach (Mutant mutant in mutants.Where(static mutant => mutant.IsCaught && mutant.Reason is not null))
    {
        Console.WriteLine($"{mutant.Name} is caught: take its 'survives' line away");
    }

    return isEnough && mutants.TrueForAll(static mutant => mutant.IsCaught == (mutant.Reason is null)) ? 0 : 1;
}

static string FindRoot()
{
    for (string? folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder))
    {
        if (File.Exists(Path.Join(folder, "OpenSslSessionCb.sln")))
        {
            return folder;
        }
    }

    throw new ListException("this program lies in no checkout of the repository.");
}
