namespace OpenSslSessionCb.Tool.Running;

/// <summary>The library that is preloaded, and the one that it opens when the server speaks TLS.</summary>
/// <param name="Preload">The one.</param>
/// <param name="Library">The other.</param>
/// <param name="IsApart">The other is not beside the one, and has to be named.</param>
internal sealed record PreloadLibraries(string Preload, string Library, bool IsApart)
{
    private const string PreloadName = "libopensslsessioncb_preload.so";
    private const string LibraryName = "libopensslsessioncb.so";

    /// <param name="given">The folder where both are. Null: beside sesscb, or where ./build.sh native leaves them; the
    /// second one is elsewhere if the environment says so.</param>
    /// <exception cref="ToolException">They are not there.</exception>
    internal static PreloadLibraries Find(string? given)
    {
        Setting? apart = given is null ? Setting.OfEnvironment(ServerVariables.Library) : null;
        if (apart is not null && !File.Exists(apart.Value))
        {
            throw new ToolException($"{apart.Source} {apart.Value} does not exist: "
                + "take it out of the environment, and the library beside the preloaded one is used.");
        }

        IEnumerable<string> folders = given is null ? Folders() : [Path.GetFullPath(given)];
        PreloadLibraries? found = folders
            .Select(folder => new PreloadLibraries(
                Path.Combine(folder, PreloadName), apart?.ToFullPath() ?? Path.Combine(folder, LibraryName), apart is not null))
            .FirstOrDefault(static libraries => File.Exists(libraries.Preload) && File.Exists(libraries.Library));
        if (found is null)
        {
            throw new ToolException(given is null
                ? $"{PreloadName} and {LibraryName} are not beside sesscb: "
                    + "./build.sh native makes them, and --libraries says where they are."
                : $"--libraries {given} holds not both {PreloadName} and {LibraryName}: ./build.sh native makes them.");
        }

        // The loader splits LD_PRELOAD at both, and knows no quotes.
        return found.Preload.AsSpan().IndexOfAny(' ', ':') < 0
            ? found
            : throw new ToolException($"{found.Preload} has a blank or a colon in its path, and LD_PRELOAD cannot name such a file: "
                + "put the libraries elsewhere, and say where with --libraries.");
    }

    private static IEnumerable<string> Folders()
    {
        string own = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        yield return own;
        yield return Path.GetFullPath(Path.Combine(own, "..", "native"));

        // Run by dotnet from the repository.
        for (string? parent = Path.GetDirectoryName(own); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            yield return Path.Combine(parent, "artifacts", "native");
        }
    }
}
