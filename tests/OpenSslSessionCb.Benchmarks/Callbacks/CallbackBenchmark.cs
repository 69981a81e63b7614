using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What the session callbacks cost a server: the managed cache against the same callbacks in C.</summary>
internal static class CallbackBenchmark
{
    private static readonly TimeSpan s_full = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_resumed = TimeSpan.FromSeconds(6);
    private static readonly TimeSpan s_firstWarmUp = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_warmUp = TimeSpan.FromMilliseconds(100);

    internal static Task<int> RunAsync(bool quick)
    {
        // The thread's CPU clock costs half a microsecond a read, fourteen times a connection: it would add the same 7 µs to both, and
        // flatter the ratio. This one adds 0.3 µs. It also counts the time when others have the processor, which
        // makes a few connections very slow, and a median does not mind.
        Osr.osr_use_clock(Osr.ClockMonotonic);
        foreach (CallbackCase which in CallbackCase.All)
        {
            using var duel = new Duel(which);
            duel.WarmUp(s_firstWarmUp);
        }

        var results = new List<CallbackResult>();
        foreach (CallbackCase which in CallbackCase.All)
        {
            using var duel = new Duel(which);
            duel.WarmUp(s_warmUp);
            results.Add(duel.Run((which.Resumed ? s_resumed : s_full) / (quick ? 10 : 1)));
        }

        string written = BenchmarkOutput.Write("callbacks", results);
        CallbackReport.Show(results, written);
        return Task.FromResult(0);
    }
}
