namespace OpenSslSessionCb.Tests;

/// <summary>The README's code, so that it compiles. ReadmeTests compares the two texts.</summary>
internal static class ReadmeSnippets
{
    internal interface IServer
    {
        Task RunAsync();
    }

    internal static async Task Cache(nint sslCtx, IServer server)
    {
        using SessionKeyRing keys = SessionKeyRing.OpenOrCreate("/etc/myapp/sessions.key");
        SqliteSessionStore store = SqliteSessionStore.Open("/var/lib/myapp/sessions.db");
        await using var cache = new SessionCache(store, new SessionCacheOptions { Farm = "shop", KeyRing = keys });

        // Certificate, client CAs and verification are set up; no connection was made yet.
        using SessionCacheAttachment attachment = cache.Attach(sslCtx);

        // From here on every server connection of the context shares its sessions.
        await server.RunAsync();
        Console.WriteLine($"{cache.Statistics.Hits} of {cache.Statistics.Get} sessions that clients asked for were found.");
    }

    internal static void Process(SessionCache cache)
    {
        using ProcessAttachment attachment = cache.AttachToProcess();
    }

    internal static void Callbacks(nint sslCtx, ISessionHandler handler)
    {
        using SessionAttachment attachment = SessionCallbacks.Attach(sslCtx, handler); // your ISessionHandler: OnNew, OnGet, OnRemove
    }
}
