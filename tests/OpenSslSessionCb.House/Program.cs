using OpenSslSessionCb.House;

// Prints the storeys of each project from the top, with what each folder uses, and what is wrong. 1: something is.
// --write: draws the library's into docs/house.svg, and nothing else.
string repository = Repository.Folder();
Storeys storeys = Storeys.Read(Path.Join(repository, "docs", "house.txt"));
if (args is ["--write"])
{
    const string Library = "OpenSslSessionCb";
    File.WriteAllText(Path.Join(repository, "docs", "house.svg"), Drawing.Of(Library, storeys.Projects[Library]));
    return 0;
}

bool isSound = true;
foreach ((string name, List<Room> rooms) in storeys.Projects)
{
    string folder = Path.Join(repository, "src", name);
    if (Project.AssemblyOf(folder, "Release") is not { } assembly)
    {
        Console.WriteLine($"{name}: it is not built, so its arrows are not known. ./build.sh test builds it, or ./build.sh native.");
        continue;
    }

    Project project = Project.Read(folder, assembly);
    ILookup<string, string> arrows = project.Arrows().Select(static arrow => (arrow.From, arrow.To)).Distinct()
        .ToLookup(static arrow => arrow.From, static arrow => arrow.To);
    Console.WriteLine(name);
    foreach (IGrouping<int, Room> storey in rooms.GroupBy(static room => room.Storey))
    {
        foreach (Room room in storey)
        {
            string below = string.Join(", ", rooms.Select(static other => other.Name).Where(arrows[room.Name].Contains));
            Console.WriteLine($"  {room.Name,-22} {(below.Length == 0 ? "" : "-> " + below)}".TrimEnd());
        }

        Console.WriteLine();
    }

    foreach (string fault in storeys.FaultsOf(project))
    {
        isSound = false;
        Console.Error.WriteLine($"house: {fault}.");
    }
}

return isSound ? 0 : 1;
