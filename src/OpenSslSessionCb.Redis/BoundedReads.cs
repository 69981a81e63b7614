using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>Reads of what anybody may have written: never more than a record can have, and one byte by which too much is known.</summary>
/// <remarks>The client allocates all that the server sends, and tens of megabytes have ended the process of a host.</remarks>
internal static class BoundedReads
{
    /// <summary>What lies there, as far as it may be read; null when nothing does.</summary>
    public static async Task<byte[]?> GetAsync(IDatabase database, RedisKey key, CommandFlags flags = CommandFlags.None)
    {
        RedisValue value = await database.StringGetRangeAsync(key, 0, SessionStoreRecord.MaxLength, flags).ConfigureAwait(false);

        // The server does not tell what is empty from what is absent. No record is empty.
        return value.IsNullOrEmpty ? null : (byte[]?)value;
    }

    /// <summary>The same, and removes it: moves it aside, which of all callers one can, and reads it there.</summary>
    /// <param name="database">Where.</param>
    /// <param name="key">What to take.</param>
    /// <param name="aside">A name in the same slot that nobody else uses.</param>
    /// <remarks>
    /// GETDEL sends everything. MULTI is refused by a server that is full, does not say why it was refused otherwise, and deletes what is
    /// no string. Scripts need permissions that do much more, and Garnet has them switched off.
    /// </remarks>
    public static async Task<byte[]?> TakeAsync(IDatabase database, RedisKey key, RedisKey aside)
    {
        // Both are sent at once, and the server does them in this order: one round trip, as for GETDEL.
        Task<bool> moving = database.KeyRenameAsync(key, aside);
        Task<byte[]?> reading = GetAsync(database, aside, CommandFlags.DemandMaster);
        await Task.WhenAll(moving, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (moving.Exception?.InnerException is RedisServerException refusal
            && refusal.Message.Contains("no such key", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        await moving.ConfigureAwait(false);
        try
        {
            byte[]? taken = await reading.ConfigureAwait(false);

            // Nobody waits for it, or finds the record there: if this is lost, the record goes when its lifetime is over.
            _ = database.ExecuteAsync("DEL", [aside], CommandFlags.DemandMaster | CommandFlags.FireAndForget);
            return taken;
        }
        catch (RedisServerException exception) when (exception.Kind == RedisErrorKind.WrongType)
        {
            // It is no record, and belongs to somebody else.
            await database.KeyRenameAsync(aside, key).ConfigureAwait(false);
            throw;
        }
    }
}
