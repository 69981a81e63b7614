using System.Diagnostics.Metrics;

namespace OpenSslSessionCb.Tests;

/// <summary>Listens to one farm's instruments, as a collector would.</summary>
internal sealed class CollectedMeter : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _values = [];

    public CollectedMeter(string farm)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "OpenSslSessionCb")
            {
                Instruments.Add(instrument);
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(farm, instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(farm, instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, _) =>
        {
            if (Contains(tags, farm))
            {
                Durations.Add((value, Last(tags)));
            }
        });
        _listener.Start();
    }

    public HashSet<Instrument> Instruments { get; } = [];

    public HashSet<string> AttributeValues { get; } = [];

    public List<(double Value, string Reason)> Durations { get; } = [];

    /// <summary>By the instrument's name and its attributes' values.</summary>
    public long this[string measurement] => _values[measurement];

    public void Forget()
    {
        _values.Clear();
        AttributeValues.Clear();
    }

    public void Collect() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private static bool Contains(ReadOnlySpan<KeyValuePair<string, object?>> tags, string farm) =>
        tags.Length > 0 && Equals(tags[0].Value, farm);

    private static string Last(ReadOnlySpan<KeyValuePair<string, object?>> tags) => (string)tags[^1].Value!;

    private void Note(string farm, Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (!Contains(tags, farm))
        {
            return;
        }

        string name = instrument.Name;
        foreach (KeyValuePair<string, object?> tag in tags[1..])
        {
            AttributeValues.Add((string)tag.Value!);
            name += " " + tag.Value;
        }

        _values[name] = value;
    }
}
