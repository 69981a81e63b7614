namespace OpenSslSessionCb.Tests;

/// <summary>
/// The short pieces of code in docs/stores.md, so that they compile. The long ones are Stores/FolderSessionStore.cs and its tests.
/// StoresDocumentTests compares the texts.
/// </summary>
internal static class StoresSnippets
{
    internal static async Task Memory()
    {
        await using var store = new MemorySessionStore(new MemorySessionStoreOptions { MaxRecords = 50_000 });
    }

    internal static async Task Sqlite()
    {
        await using SqliteSessionStore store = SqliteSessionStore.Open("/var/lib/myapp/sessions.db");
    }
}
