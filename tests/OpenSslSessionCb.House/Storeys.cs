namespace OpenSslSessionCb.House;

/// <summary>The folders of each project from the top to the bottom, as docs/house.txt has them.</summary>
public sealed class Storeys
{
    private readonly Dictionary<string, List<Room>> _projects = [];

    public IReadOnlyDictionary<string, List<Room>> Projects => _projects;

    /// <summary>
    /// Lines of a project's name, and below it, indented, of its folders with a word about each. An empty line among folders ends a storey;
    /// lines that begin with '#' are for people.
    /// </summary>
    public static Storeys Read(string path)
    {
        var storeys = new Storeys();
        List<Room> rooms = [];
        int storey = 0;
        foreach (string line in File.ReadLines(path).Where(static line => !line.StartsWith('#')))
        {
            if (line.Length == 0)
            {
                storey++;
            }
            else if (line[0] != ' ')
            {
                storeys._projects.Add(line, rooms = []);
                storey = 0;
            }
            else if (line.Trim().Split(' ', 2) is [var name, var says])
            {
                rooms.Add(new Room(name, says.Trim(), storey));
            }
        }

        return storeys;
    }

    /// <summary>What is wrong with a project, in a sentence each: an arrow that does not point down, a folder that has no place.</summary>
    public IEnumerable<string> FaultsOf(Project project)
    {
        List<Room> rooms = _projects.GetValueOrDefault(project.Name, []);
        int At(string folder) => rooms.FindIndex(room => room.Name == folder);
        string[] unplaced = [.. project.Folders.Where(folder => At(folder) < 0)];
        return
        [
            .. unplaced.Select(folder => $"docs/house.txt has no folder {folder} in {project.Name}"),
            .. rooms.Where(room => !project.Folders.Contains(room.Name)).Select(room => $"{project.Name} has no folder {room.Name}"),
            .. from arrow in project.Arrows()
               where At(arrow.From) > At(arrow.To) && At(arrow.To) >= 0
               select $"{arrow.Use.From} in {arrow.From} uses {arrow.Use.To} in {arrow.To}, which is above it",
        ];
    }
}

/// <summary>A folder: what it is called, what stands in it, and on which storey, from 0 at the top.</summary>
public sealed record Room(string Name, string Says, int Storey);
