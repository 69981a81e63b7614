namespace OpenSslSessionCb.Benchmarks;

/// <summary>What the stores are called in tables and files.</summary>
internal static class StoreNames
{
    internal const string Memory = "memory";
    internal const string Sqlite = "SQLite";
    internal const string Redis = "Redis";
    internal const string Valkey = "Valkey";
    internal const string Garnet = "Garnet";
}
