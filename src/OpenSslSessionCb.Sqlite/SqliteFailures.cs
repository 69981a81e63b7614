using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OpenSslSessionCb;

/// <summary>What SQLite's result codes mean to whoever runs the store.</summary>
internal static class SqliteFailures
{
    public static SessionStoreException At(string path, SqliteException exception) => exception.SqliteErrorCode switch
    {
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => Busy(path, exception),
        raw.SQLITE_FULL => Create(SessionStoreFailure.Full,
            $"There is no room left for the session store '{path}'. Free some space on its disk; the store then works again.", exception),
        raw.SQLITE_CORRUPT => Corrupt(path, exception.Message, exception),
        raw.SQLITE_NOTADB => Foreign(path, "it is not an SQLite database", exception),
        raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_AUTH => Unavailable(
            path, "it cannot be written; give this process's user write permission on the file and on its directory", exception),
        raw.SQLITE_CANTOPEN => Unavailable(path, "SQLite cannot open it or the files beside it; "
            + "give this process's user write permission on the file and on its directory", exception),
        _ => Unavailable(path, $"SQLite says: {exception.Message}", exception),
    };

    public static SessionStoreException Busy(string path, Exception? cause = null) => Create(
        SessionStoreFailure.Busy,
        $"The session store '{path}' stayed locked for longer than BusyTimeout. Try again, or allow more time.", cause);

    public static SessionStoreException Foreign(string path, string why, Exception? cause = null) => Create(
        SessionStoreFailure.Foreign,
        $"The file '{path}' is not taken for a session store: {why}. It was not changed. Move it away, or give another path.", cause);

    public static SessionStoreException Corrupt(string path, string what, Exception? cause = null) => Create(
        SessionStoreFailure.Corrupt, $"The session store '{path}' is damaged: {what}. Stop the processes that use it and delete it with "
            + "its -wal and -shm files; clients then make one full handshake each.", cause);

    public static SessionStoreException Unavailable(string path, string why, Exception? cause = null) => Create(
        SessionStoreFailure.Unavailable, $"The session store '{path}' is unavailable: {why}.", cause);

    /// <summary>Whether the connection can be used again after this; if not, it is closed and the next call opens another.</summary>
    public static bool LeavesConnectionSound(SqliteException exception) =>
        exception.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_FULL;

    private static SessionStoreException Create(SessionStoreFailure failure, string message, Exception? cause) =>
        new(failure, message, cause);
}
