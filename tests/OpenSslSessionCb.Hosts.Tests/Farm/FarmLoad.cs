using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>
/// Clients that keep coming: each goes to the one node and to the other in turn, the worst that a balancer can do to it, and is away
/// for a moment between, as a session must have been written before it is of use elsewhere.
/// </summary>
internal sealed class FarmLoad : IDisposable
{
    private const int Threads = 8;
    private const int ClientsOfAThread = 4;

    private readonly IPEndPoint[] _nodes;
    private readonly FarmTls _tls;
    private readonly TimeSpan _interval;
    private readonly Thread[] _threads;
    private readonly ConcurrentDictionary<string, FarmTally> _tallies = new();
    private readonly ConcurrentQueue<Exception> _crashes = new();
    private FarmTally _current = new();
    private volatile bool _ends;

    /// <param name="nodes">Two.</param>
    /// <param name="version">1.2 or 1.3.</param>
    /// <param name="rate">New connections a second, of all clients together; fewer where the machine carries fewer.</param>
    internal FarmLoad(IReadOnlyList<IPEndPoint> nodes, string version, int rate)
    {
        _nodes = [.. nodes];
        _tls = new FarmTls(version);
        _interval = TimeSpan.FromSeconds((double)Threads / rate);
        _threads = [.. Enumerable.Range(0, Threads).Select(number => new Thread(() => Run(number)) { Name = $"clients {number}" })];
    }

    /// <summary>How long a client is away at least.</summary>
    internal static TimeSpan Away { get; } = TimeSpan.FromMilliseconds(75);

    /// <summary>All failures, of all phases.</summary>
    internal IEnumerable<string> Failures => _tallies.Values.SelectMany(static tally => tally.Failures);

    internal FarmTally this[string phase] => _tallies[phase];

    internal void Start(string phase)
    {
        Enter(phase);
        Array.ForEach(_threads, static thread => thread.Start());
    }

    /// <summary>Connections that begin from now on are counted under this name.</summary>
    internal void Enter(string phase) => Volatile.Write(ref _current, _tallies.GetOrAdd(phase, static _ => new FarmTally()));

    /// <summary>Waits for the connections that are under way.</summary>
    internal void Stop()
    {
        _ends = true;
        foreach (Thread thread in _threads.Where(static thread => thread.ThreadState != System.Threading.ThreadState.Unstarted))
        {
            thread.Join();
        }

        Assert.That(_crashes, Is.Empty);
    }

    public void Dispose()
    {
        Stop();
        _tls.Dispose();
    }

    private void Run(int number)
    {
        FarmClient[] clients = [.. Enumerable.Range(0, ClientsOfAThread).Select(_ => new FarmClient(_tls))];
        try
        {
            Come(clients, number);
        }
        catch (Exception exception)
        {
            _crashes.Enqueue(exception);
        }
        finally
        {
            Array.ForEach(clients, static client => client.Dispose());
        }
    }

    private void Come(FarmClient[] clients, int number)
    {
        var clock = Stopwatch.StartNew();
        var left = new TimeSpan[clients.Length];
        Array.Fill(left, -Away);
        TimeSpan due = _interval * ((double)number / Threads);
        for (int turn = 0; !_ends; turn++)
        {
            int client = turn % clients.Length;
            due = Max(due, left[client] + Away);
            TimeSpan wait = due - clock.Elapsed;
            if (wait > TimeSpan.Zero)
            {
                Thread.Sleep(wait);
            }

            FarmTally tally = Volatile.Read(ref _current);
            tally.Add(clients[client].Visit(_nodes[(turn / clients.Length) % _nodes.Length]));
            left[client] = clock.Elapsed;

            // What was missed is not made up for: that would be a burst, and not this rate.
            due = Max(due + _interval, clock.Elapsed - _interval);
        }
    }

    private static TimeSpan Max(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
