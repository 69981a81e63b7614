using System.Diagnostics.CodeAnalysis;
using Polly;
using Polly.CircuitBreaker;

namespace OpenSslSessionCb;

/// <summary>
/// Polly's circuit breaker around the lookups of one store. Who waits for an answer says how it went, so that
/// a store that hangs is seen too.
/// </summary>
internal sealed class StoreBreaker
{
    private readonly CircuitBreakerStateProvider _state = new();
    private readonly ResiliencePipeline<LookupAnswer> _pipeline;
    private readonly Action<bool> _changed;
    private bool _isAway;

    /// <param name="options">When it opens.</param>
    /// <param name="clock">What its durations are counted by.</param>
    /// <param name="changed">Told, on some waiting thread, when the store is left alone (true) and when it has answered again.</param>
    internal StoreBreaker(StoreBreakerOptions options, TimeProvider clock, Action<bool> changed)
    {
        _changed = changed;

        // No callbacks of Polly's: it would run them on the pool and wait for them, on libssl's thread.
        _pipeline = new ResiliencePipelineBuilder<LookupAnswer> { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions<LookupAnswer>
            {
                FailureRatio = options.FailureRatio,
                MinimumThroughput = options.MinimumThroughput,
                SamplingDuration = options.SamplingDuration,
                BreakDuration = options.BreakDuration,
                ShouldHandle = static outcome => new ValueTask<bool>(outcome.Outcome.Exception is not null
                    || outcome.Outcome.Result.IsTrouble),
                StateProvider = _state,
            })
            .Build();
    }

    /// <summary>Whether lookups are refused now, or would be but for the one that tries the store.</summary>
    internal bool IsOpen => _state.CircuitState is CircuitState.Open or CircuitState.HalfOpen;

    /// <summary>Asks, on this thread; blocks as long as <paramref name="ask"/> does.</summary>
    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "To be called where libssl waits for the answer; the question has a deadline, and Polly answers at once with it.")]
    internal LookupAnswer Ask<TQuestion>(TQuestion question, Func<TQuestion, LookupAnswer> ask)
    {
        ValueTask<LookupAnswer> answer = AskAsync((question, ask), static asked => new ValueTask<LookupAnswer>(asked.ask(asked.question)));
        return answer.IsCompletedSuccessfully ? answer.Result : answer.AsTask().GetAwaiter().GetResult();
    }

    /// <summary>Asks without holding a thread. <paramref name="ask"/> must not throw.</summary>
    internal async ValueTask<LookupAnswer> AskAsync<TQuestion>(TQuestion question, Func<TQuestion, ValueTask<LookupAnswer>> ask)
    {
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false);
        try
        {
            Outcome<LookupAnswer> outcome = await _pipeline.ExecuteOutcomeAsync(
                static async (_, asked) => Outcome.FromResult(await asked.ask(asked.question).ConfigureAwait(false)),
                context,
                (question, ask)).ConfigureAwait(false);

            // The exception of an open breaker is made and handed over, but not thrown.
            LookupAnswer answer = outcome.Exception is null ? outcome.Result : new LookupAnswer(LookupOutcome.StoreAway);
            Note(answer, refused: outcome.Exception is not null);
            return answer;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private void Note(LookupAnswer answer, bool refused)
    {
        if (refused != Volatile.Read(ref _isAway)
            && (refused || !answer.IsTrouble) && Interlocked.Exchange(ref _isAway, refused) != refused)
        {
            _changed(refused);
        }
    }
}
