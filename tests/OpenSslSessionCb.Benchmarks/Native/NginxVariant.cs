namespace OpenSslSessionCb.Benchmarks;

/// <summary>Who keeps nginx's sessions.</summary>
/// <param name="Name">In tables.</param>
/// <param name="Environment">What nginx is started with: nothing, or the preloaded library.</param>
internal sealed record NginxVariant(string Name, IReadOnlyDictionary<string, string> Environment)
{
    internal const string Own = "nginx's own";

    /// <summary>nginx's own first: the others are compared with it.</summary>
    internal static IReadOnlyList<NginxVariant> All(NativeFiles files, string? redis) =>
    [
        new(Own, new Dictionary<string, string>()),
        Preloaded(StoreNames.Memory, "memory", files),
        Preloaded(StoreNames.Sqlite, $"sqlite:{files["sessions.db"]}", files),
        .. redis is null ? [] : (NginxVariant[])[Preloaded(StoreNames.Redis, $"redis:{redis}", files)],
    ];

    private static NginxVariant Preloaded(string name, string store, NativeFiles files)
    {
        var environment = new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = NativeFiles.Preload,
            ["OSSCB_STORE"] = store,
            ["OSSCB_FARM"] = "bench",
            ["OSSCB_LOG"] = files["osscb.log"],
        };
        if (name == StoreNames.Redis)
        {
            environment["OSSCB_KEY_FILE"] = files["sessions.key"];
        }

        return new NginxVariant(name, environment);
    }
}
