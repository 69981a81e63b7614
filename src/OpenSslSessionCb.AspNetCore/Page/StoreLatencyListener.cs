using System.Diagnostics.Metrics;

namespace OpenSslSessionCb;

/// <summary>Hears how long each lookup in the store took, from this library's own meter, until it is disposed of.</summary>
/// <remarks>The measurements come on the threads that look up, libssl's among them: no lock is taken there.</remarks>
internal sealed class StoreLatencyListener : IDisposable
{
    private const string MeterName = "OpenSslSessionCb";
    private const string LookupDuration = "openssl.session.store.lookup.duration";

    private readonly MeterListener _listener = new();
    private long _lookups;
    private long _ticks;
    private long _slowestTicks;

    internal StoreLatencyListener()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == MeterName && instrument.Name == LookupDuration)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<double>((_, seconds, _, _) => Add((long)(seconds * TimeSpan.TicksPerSecond)));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    /// <summary>What was heard since the last call: how many, how long all of them took, and the longest.</summary>
    internal (long Lookups, double Milliseconds, double Slowest) Take() => (
        Interlocked.Exchange(ref _lookups, 0),
        Milliseconds(Interlocked.Exchange(ref _ticks, 0)),
        Milliseconds(Interlocked.Exchange(ref _slowestTicks, 0)));

    private static double Milliseconds(long ticks) => (double)ticks / TimeSpan.TicksPerMillisecond;

    private void Add(long ticks)
    {
        Interlocked.Increment(ref _lookups);
        Interlocked.Add(ref _ticks, ticks);
        long slowest = Volatile.Read(ref _slowestTicks);
        while (ticks > slowest)
        {
            long seen = Interlocked.CompareExchange(ref _slowestTicks, ticks, slowest);
            if (seen == slowest)
            {
                break;
            }

            slowest = seen;
        }
    }
}
