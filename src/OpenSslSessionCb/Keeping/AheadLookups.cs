namespace OpenSslSessionCb;

/// <summary>Asks the store for what libssl will ask soon, and leaves the answers where libssl finds them without waiting.</summary>
internal sealed class AheadLookups(SessionPipeline pipeline, StoreLookups lookups, StoreFailureLog storeFailures)
{
    private volatile bool _isStopped;

    /// <summary>
    /// The answers are there, whichever they are, for about two seconds.
    /// Ends with the deadline at the latest, and throws for the token only.
    /// </summary>
    /// <param name="ids">The ids that a ClientHello offers. Few.</param>
    /// <param name="cancellationToken">Ends the wait, not the lookup.</param>
    internal async ValueTask AskAsync(IReadOnlyList<SslSessionId> ids, CancellationToken cancellationToken)
    {
        if (Ask(ids) is { } answers)
        {
            await answers.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The same, without waiting: null when libssl will not have to wait for any of the ids.</summary>
    internal Task? Ask(IReadOnlyList<SslSessionId> ids)
    {
        if (_isStopped || !lookups.MayWait)
        {
            return null;
        }

        List<Task>? asked = null;
        try
        {
            foreach (SslSessionId id in ids)
            {
                if (pipeline.QuestionAbout(id) is { } key && !lookups.IsKnownAhead(key))
                {
                    (asked ??= []).Add(lookups.AskAheadAsync(key));
                }
            }
        }
        catch (Exception exception)
        {
            // libcrypto failed, or the keys are gone. Whoever reads the connection here must not hear of it: the handshake goes on without.
            storeFailures.Add(exception);
        }

        return asked is null ? null : Task.WhenAll(asked);
    }

    /// <summary>The cache is disposed of.</summary>
    internal void Stop() => _isStopped = true;
}
