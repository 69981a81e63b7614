namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>The libraries that are loaded with a program: those that it needs, those that they need, and so on.</summary>
internal sealed class NeededLibraries
{
    private const int MostLibraries = 4096;

    // Whoever takes one of these can bring a libssl in later, or becomes a program that has one.
    private static readonly HashSet<string> s_bringsMore =
    [
        "dlopen", "dlmopen", "execve", "execv", "execvp", "execvpe", "execl", "execlp", "execle", "fexecve", "execveat", "posix_spawn",
        "posix_spawnp",
    ];

    private readonly LoaderFolders _folders;
    private readonly ElfIdentity _identity;
    private readonly IReadOnlyList<string> _programsRunPath;
    private readonly Dictionary<string, string?> _found = [];
    private readonly Queue<string> _unread = [];

    internal NeededLibraries(string program, ElfDynamic dynamic, ElfIdentity identity, LoaderFolders folders)
    {
        _folders = folders;
        _identity = identity;
        string origin = FolderOf(new FileInfo(program).ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? Path.GetFullPath(program));
        _programsRunPath = LoaderFolders.Split(dynamic.OldRunPath, origin);
        MayGetMore = dynamic.Imports(s_bringsMore);
        Find(dynamic, origin);
        while (_unread.TryDequeue(out string? path))
        {
            Read(path);
        }
    }

    /// <summary>Their names, and where they are; null: not found.</summary>
    internal IReadOnlyDictionary<string, string?> Found => _found;

    /// <summary>
    /// Whether a library that is not among them may come in later: by dlopen, by another program that it starts,
    /// or because not all were found.
    /// </summary>
    internal bool MayGetMore { get; private set; }

    private void Find(ElfDynamic dynamic, string origin)
    {
        foreach (string name in dynamic.Needed)
        {
            if (_found.ContainsKey(name))
            {
                continue;
            }

            string? path = _found.Count < MostLibraries ? PathOf(name, dynamic, origin) : null;
            _found[name] = path;
            if (path is null)
            {
                MayGetMore = true;
            }
            else
            {
                _unread.Enqueue(path);
            }
        }
    }

    private string? PathOf(string name, ElfDynamic dynamic, string origin)
    {
        if (name.Contains('/', StringComparison.Ordinal))
        {
            return Fits(name) ? name : null;
        }

        IEnumerable<string> folders = dynamic.RunPath is null
            ? LoaderFolders.Split(dynamic.OldRunPath, origin).Concat(_programsRunPath).Concat(_folders.LibraryPath)
            : _folders.LibraryPath.Concat(LoaderFolders.Split(dynamic.RunPath, origin));
        return folders.Concat(_folders.OfTheMachine).Select(folder => Path.Combine(folder, name)).FirstOrDefault(Fits);
    }

    /// <summary>The loader passes over libraries of another architecture.</summary>
    private bool Fits(string path)
    {
        try
        {
            using ElfFile? file = ElfFile.TryOpen(path);
            return file is not null && ElfIdentity.TryRead(file) == _identity;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private void Read(string path)
    {
        try
        {
            using ElfFile? file = ElfFile.TryOpen(path);
            if (file is null || new ElfImage(file).Dynamic is not { } dynamic)
            {
                MayGetMore = true;
                return;
            }

            // That of C is who does it for the others, and it does not on its own account.
            MayGetMore |= dynamic.Name != "libc.so.6" && dynamic.Imports(s_bringsMore);
            Find(dynamic, FolderOf(path));
        }
        catch (InvalidDataException)
        {
            // The loader will say so, and the program not start.
            MayGetMore = true;
        }
    }

    private static string FolderOf(string path) => Path.GetDirectoryName(path) is { Length: > 0 } folder ? folder : ".";
}
