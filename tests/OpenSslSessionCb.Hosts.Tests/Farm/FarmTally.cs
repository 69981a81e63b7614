namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>What the connections of one phase came to. For any thread.</summary>
internal sealed class FarmTally
{
    private readonly Lock _gate = new();
    private readonly List<string> _failures = [];

    internal int Connections { get; private set; }

    /// <summary>Connections whose client offered a session.</summary>
    internal int Offered { get; private set; }

    internal int Resumed { get; private set; }

    internal IReadOnlyList<string> Failures
    {
        get
        {
            lock (_gate)
            {
                return [.. _failures];
            }
        }
    }

    internal double ResumedShare => Offered == 0 ? 0 : (double)Resumed / Offered;

    internal void Add(FarmVisit visit)
    {
        lock (_gate)
        {
            Connections++;
            Offered += visit.HasOffered ? 1 : 0;
            Resumed += visit.IsResumed ? 1 : 0;
            if (visit.Failure is { } failure)
            {
                _failures.Add(failure);
            }
        }
    }

    public override string ToString() =>
        $"{Connections} connections, {Failures.Count} failed, {Offered} offered a session, {Resumed} resumed";
}
