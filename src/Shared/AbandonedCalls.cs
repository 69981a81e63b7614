namespace OpenSslSessionCb;

/// <summary>Waiting for a call no longer than somebody wants its answer.</summary>
internal static class AbandonedCalls
{
    /// <summary>Ends when the call does or the token is set; what becomes of the call after that is nobody's concern.</summary>
    public static async Task<T> OrAbandonAsync<T>(this Task<T> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            call.IgnoreFailure();
            throw;
        }
    }

    /// <summary>For a call that perhaps nobody awaits: a failure that nobody has seen can end the process.</summary>
    public static void IgnoreFailure(this Task call) =>
        _ = call.ContinueWith(
            static ended => ended.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
}
