using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>What the client's exceptions mean to whoever runs the store.</summary>
internal static class RedisFailures
{
    public static SessionStoreException NotConnected(string name) =>
        Unavailable($"{name} is not connected. The store works again once it is.", null);

    public static SessionStoreException Explain(string name, Exception exception) => exception switch
    {
        RedisTimeoutException => Busy($"{name} did not answer in time (asyncTimeout in its configuration).", exception),
        RedisServerException refusal => Explain(name, refusal),
        RedisConnectionException broken => Explain(name, broken),
        ObjectDisposedException or OperationCanceledException => Unavailable($"The connection to {name} is closed.", exception),
        _ => Unavailable($"{name} could not be asked: {exception.Message}", exception),
    };

    private static SessionStoreException Explain(string name, RedisConnectionException broken) => Cause(broken) switch
    {
        ConnectionFailureType.AuthenticationFailure => Unavailable(Unauthorized(name), broken),
        ConnectionFailureType.ProtocolFailure or ConnectionFailureType.ResponseIntegrityFailure =>
            Unavailable($"{name} gave an answer that is not of Redis's protocol. "
                + "Is it a Redis, and does the configuration say ssl=true where it must?", broken),
        ConnectionFailureType.Loading => Busy($"{name} is loading its data. The store works again when that is done.", broken),
        _ => Unavailable($"{name} cannot be reached. The store works again once it can.", broken),
    };

    /// <summary>
    /// Why there is no connection: "none is available" tells it only by the exceptions inside it, one for each attempt, or in its text.
    /// </summary>
    private static ConnectionFailureType Cause(RedisConnectionException broken)
    {
        RedisConnectionException[] all = [.. Within(broken).OfType<RedisConnectionException>()];
        return all.Any(IsRefused) ? ConnectionFailureType.AuthenticationFailure : all[^1].FailureType;
    }

    private static bool IsRefused(RedisConnectionException broken) => broken.FailureType == ConnectionFailureType.AuthenticationFailure
        || broken.Message.Contains("NOAUTH", StringComparison.Ordinal) || broken.Message.Contains("WRONGPASS", StringComparison.Ordinal);

    /// <summary>An exception and those inside it, the outermost first.</summary>
    private static IEnumerable<Exception> Within(Exception exception)
    {
        IEnumerable<Exception> inner = exception is AggregateException several ? several.InnerExceptions
            : exception.InnerException is { } one ? [one] : [];
        return inner.SelectMany(Within).Prepend(exception);
    }

    private static SessionStoreException Explain(string name, RedisServerException refusal) => refusal.Kind switch
    {
        RedisErrorKind.OutOfMemory => new SessionStoreException(
            SessionStoreFailure.Full, $"{name} is full. Raise its maxmemory, or let it evict: maxmemory-policy volatile-ttl.", refusal),
        RedisErrorKind.Loading or RedisErrorKind.Busy or RedisErrorKind.TryAgain => Busy($"{name} is busy: {refusal.Message}", refusal),
        RedisErrorKind.UnknownCommand => Unavailable(
            $"{name} lacks a command: the store needs GETRANGE, SET, DEL and RENAME, which Redis, Valkey and Garnet have "
                + "unless they were told to hide them (rename-command).", refusal),
        RedisErrorKind.NoAuth or RedisErrorKind.WrongPass or RedisErrorKind.NoPermission or RedisErrorKind.NotPermitted =>
            Unavailable(Unauthorized(name), refusal),
        RedisErrorKind.ReadOnly =>
            Unavailable($"{name} is a replica, which takes no writes. Name the primary in the configuration too.", refusal),
        RedisErrorKind.WrongType => new SessionStoreException(
            SessionStoreFailure.Foreign,
            $"{name} has something else under the store's keys. Give the store a KeyPrefix of its own.", refusal),
        _ => Unavailable($"{name} refuses: {refusal.Message}", refusal),
    };

    private static string Unauthorized(string name) =>
        $"{name} does not let this user in. Check user and password; "
        + "its ACL must allow +getrange +set +del +rename on the keys of KeyPrefix.";

    private static SessionStoreException Busy(string message, Exception cause) => new(SessionStoreFailure.Busy, message, cause);

    private static SessionStoreException Unavailable(string message, Exception? cause) =>
        new(SessionStoreFailure.Unavailable, message, cause);
}
