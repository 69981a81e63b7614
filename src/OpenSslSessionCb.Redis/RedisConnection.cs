using System.Net;
using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>The way to the server: the application's own multiplexer, or one made here in the background.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private readonly Task<ConnectionMultiplexer>? _own;
    private readonly Func<IEnumerable<EndPoint>> _servers;
    private readonly int _databaseNumber;
    private volatile IDatabase? _database;

    public RedisConnection(IConnectionMultiplexer applications, int database)
    {
        _servers = () => applications.GetEndPoints(configuredOnly: true);
        _databaseNumber = database;
        _database = applications.GetDatabase(database);
    }

    public RedisConnection(ConfigurationOptions configuration, int database)
    {
        _servers = () => configuration.EndPoints;
        _databaseNumber = database;

        // On the pool: it resolves names, and a server that accepts and says nothing holds it up for three times connectTimeout.
        _own = Task.Run(() => ConnectionMultiplexer.ConnectAsync(configuration));
        _own.IgnoreFailure();
    }

    /// <summary>For messages. No user, no password.</summary>
    public string Name => $"Redis at {string.Join(", ", _servers().Select(NameOf))}";

    /// <summary>At once; or, until the first attempt to connect has ended, when it has.</summary>
    public ValueTask<IDatabase> ReadyAsync(CancellationToken cancellationToken) =>
        _database is { } database ? new ValueTask<IDatabase>(database) : FirstAsync(cancellationToken);

    /// <summary>Throws when a command would have to wait for a connection.</summary>
    public void ThrowIfAway(IDatabase database, RedisKey key)
    {
        // Ours fails such a command by itself, and says more about the reason. An application's may be set to keep commands
        // until the server is back, and a handshake would be kept waiting.
        if (_own is null && !database.IsConnected(key))
        {
            throw RedisFailures.NotConnected(Name);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is null)
        {
            return;
        }

        // A connection that is still being made is closed once it is there.
        Task closing = CloseAsync(_own);
        if (_own.IsCompleted)
        {
            await closing.ConfigureAwait(false);
        }
    }

    private static async Task CloseAsync(Task<ConnectionMultiplexer> connecting)
    {
        try
        {
            ConnectionMultiplexer multiplexer = await connecting.ConfigureAwait(false);
            await multiplexer.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
            await multiplexer.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception)
        {
            // It never came about, or the server does not let itself be told goodbye. Nobody needs it any more.
        }
    }

    private async ValueTask<IDatabase> FirstAsync(CancellationToken cancellationToken)
    {
        ConnectionMultiplexer multiplexer = await _own!.WaitAsync(cancellationToken).ConfigureAwait(false);
        return _database = multiplexer.GetDatabase(_databaseNumber);
    }

    private static string NameOf(EndPoint server) =>
        server is DnsEndPoint named ? $"{named.Host}:{(named.Port == 0 ? 6379 : named.Port)}" : $"{server}";
}
