using Microsoft.Data.Sqlite;

namespace OpenSslSessionCb;

/// <summary>The database file: how it is made, recognised, checked, and opened.</summary>
internal sealed class StoreFile
{
    // "SSCB". SQLite keeps it in the file's header for exactly this: to tell one program's files from another's.
    private const long ApplicationId = 0x53534342;
    private const long Version = 1;
    private const int PageSize = 4096;

    // Opening may wait longer than a call: the first process to come is still making the file.
    private const int OpenTimeoutSeconds = 10;

    private static readonly Lock s_creating = new();
    private readonly string _connectionString;
    private readonly string _settings;

    public StoreFile(string path, SqliteSessionStoreOptions options)
    {
        Path = System.IO.Path.GetFullPath(path);
        MaxPages = options.MaxBytes / PageSize;
        _connectionString = new SqliteConnectionStringBuilder
        {
            DataSource = Path,
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = OpenTimeoutSeconds,
        }.ConnectionString;

        // NORMAL: a commit survives the death of the process; the last ones may not survive the loss of power.
        // journal_size_limit: one burst must not leave a huge log behind for ever.
        _settings = $"""
            PRAGMA busy_timeout = {(long)Math.Ceiling(options.BusyTimeout.TotalMilliseconds)};
            PRAGMA synchronous = NORMAL;
            PRAGMA secure_delete = ON;
            PRAGMA journal_size_limit = 8388608;
            PRAGMA max_page_count = {MaxPages};
            """;
    }

    public string Path { get; }

    public long MaxPages { get; }

    /// <summary>Opens the file for the first time: makes it when it is missing, refuses what is not a sound store.</summary>
    public StoreConnection OpenFirst(bool check)
    {
        ThrowIfPathUnfit();
        try
        {
            // Under a lock: closing any descriptor of a file drops all POSIX locks that the process has on it,
            // so no connection of this process may be open between the making of the file and its closing.
            lock (s_creating)
            {
                CreateIfMissing();
            }

            return Connect(connection => Prepare(connection, check));
        }
        catch (SqliteException exception)
        {
            throw SqliteFailures.At(Path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw SqliteFailures.Unavailable(Path,
                $"the file cannot be made ({exception.Message}); give this process's user write permission on the directory", exception);
        }
    }

    /// <summary>Opens one more connection to a file that was opened before.</summary>
    /// <exception cref="SqliteException">It cannot be opened any more.</exception>
    public StoreConnection Open() => Connect(connection =>
    {
        connection.DefaultTimeout = 1;
        if (!IsRecognised(connection))
        {
            throw SqliteFailures.Corrupt(Path, "it was a session store and is empty now");
        }
    });

    private StoreConnection Connect(Action<SqliteConnection> prepare)
    {
        var connection = new SqliteConnection(_connectionString);
        try
        {
            connection.Open();
            prepare(connection);
            Execute(connection, _settings);
            return new StoreConnection(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void ThrowIfPathUnfit()
    {
        string? directory = System.IO.Path.GetDirectoryName(Path);
        if (Directory.Exists(Path))
        {
            throw SqliteFailures.Unavailable(Path, "it is a directory; give the path of a file in it");
        }

        if (directory is not null && !Directory.Exists(directory))
        {
            throw SqliteFailures.Unavailable(
                Path, $"the directory '{directory}' does not exist; make it, with mode 0700, for the user that this process runs as");
        }
    }

    private void CreateIfMissing()
    {
        if (File.Exists(Path))
        {
            return;
        }

        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            Share = FileShare.ReadWrite | FileShare.Delete,
        };
        if (!OperatingSystem.IsWindows())
        {
            // SQLite would make it readable for everybody. The files beside it get the mode of this one.
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        try
        {
            new FileStream(Path, options).Dispose();
        }
        catch (IOException) when (File.Exists(Path))
        {
            // Another process was faster.
        }
    }

    private void Prepare(SqliteConnection connection, bool check)
    {
        if (!IsRecognised(connection))
        {
            // Nothing is in it yet. Another process may be at the same point: SqliteCommand tries again while the file is
            // locked, and whoever comes second sees a finished store once it has the write lock.
            Execute(connection, $"PRAGMA page_size = {PageSize}");
            SwitchToWal(connection);
            CreateSchema(connection);
        }

        // For an old file too: one that was copied by other means may have lost the mode.
        SwitchToWal(connection);
        if (check && Scalar(connection, "PRAGMA quick_check(1)") is string finding and not "ok")
        {
            throw SqliteFailures.Corrupt(Path, finding);
        }
    }

    private void SwitchToWal(SqliteConnection connection)
    {
        if (Scalar(connection, "PRAGMA journal_mode = WAL") is not "wal")
        {
            throw SqliteFailures.Unavailable(Path, "SQLite's write-ahead log does not work there; use a local file system");
        }
    }

    private void CreateSchema(SqliteConnection connection)
    {
        using SqliteTransaction transaction = connection.BeginTransaction(deferred: false);
        if (!IsRecognised(connection))
        {
            // Not WITHOUT ROWID: with records of 2 KB that puts whole rows into the inner pages of the tree, and a get
            // took 20 µs instead of 6, a miss 19 instead of 3.
            Execute(connection, $"""
                CREATE TABLE records (key BLOB NOT NULL PRIMARY KEY, expires_at INTEGER NOT NULL, record BLOB NOT NULL) STRICT;
                CREATE INDEX records_by_expiry ON records (expires_at);
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {Version};
                """);
        }

        transaction.Commit();
    }

    /// <summary>True for a store of ours, false for an empty file; throws for anything else.</summary>
    private bool IsRecognised(SqliteConnection connection)
    {
        // One statement, so that all of it is seen at one moment.
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT application_id, user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_application_id, "
            + "pragma_user_version";
        using SqliteDataReader reader = command.ExecuteReader();
        reader.Read();
        (long application, long version, long tables) = (reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
        return (application, version) switch
        {
            (ApplicationId, Version) => true,
            (ApplicationId, > Version) => throw SqliteFailures.Foreign(
                Path, $"a newer version of OpenSslSessionCb.Sqlite made it (format {version}; this one knows {Version})"),
            (0, 0) when tables == 0 => false,
            _ => throw SqliteFailures.Foreign(Path, "it is the database of another program"),
        };
    }

    private static void Execute(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
