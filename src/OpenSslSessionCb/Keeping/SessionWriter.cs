using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>Takes a change from the queue to the store: encodes and seals a session, on the writer's thread.</summary>
internal sealed class SessionWriter(
    ISessionStore store, RecordCodec records, TimeProvider clock, SessionCacheCounters counters, StoreFailureLog failures)
{
    /// <summary>Writes one change; does not throw.</summary>
    internal async ValueTask WriteAsync(WriteOperation operation, CancellationToken cancellationToken)
    {
        byte[]? record = null;
        try
        {
            if (!LibCryptoUse.TryEnter())
            {
                counters.Dropped.Increment();
                return;
            }

            SessionStoreKey key;
            TimeSpan lifetime = operation.Fields.Expires - clock.GetUtcNow();
            try
            {
                key = records.KeyOf(operation.Id);
                record = operation.Session is not null && lifetime > TimeSpan.Zero
                    ? records.Encode(operation.Session, key, operation.IsolationContext, operation.Fields)
                    : null;
            }
            finally
            {
                LibCryptoUse.Leave();
            }

            if (operation.Session is null)
            {
                await store.RemoveAsync(key, cancellationToken).ConfigureAwait(false);
            }
            else if (record is not null)
            {
                await store.PutAsync(key, record, lifetime, cancellationToken).ConfigureAwait(false);
                counters.Puts.Increment();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            counters.Dropped.Increment();
        }
        catch (Exception exception)
        {
            failures.Add(exception);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(record);
        }
    }
}
