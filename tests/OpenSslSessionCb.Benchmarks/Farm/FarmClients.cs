using System.Diagnostics;
using System.Net;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Clients in a closed loop: a few connections at once, and each client returns with its last session to the other node.</summary>
/// <remarks>
/// There are more clients than connections, so that a client is away for a while, and what it was given has reached the store.
/// </remarks>
internal sealed class FarmClients : IDisposable
{
    internal const int AtOnce = 4;
    private const int PerThread = 25;

    private readonly TlsContext _context;
    private readonly FarmClient[][] _clients;

    /// <param name="nodes">The farm.</param>
    /// <param name="context">The clients' own from now on.</param>
    internal FarmClients(IReadOnlyList<IPEndPoint> nodes, TlsContext context)
    {
        _context = context;
        _clients =
        [
            .. Enumerable.Range(0, AtOnce)
                .Select(_ => Enumerable.Range(0, PerThread).Select(number => new FarmClient(_context, nodes, number)).ToArray()),
        ];
    }

    /// <summary>Returns how many connections were made, and how many of them resumed.</summary>
    internal (int Connections, int Resumed, TimeSpan Elapsed) Run(TimeSpan duration)
    {
        int connections = 0, resumed = 0;
        Exception? failure = null;
        long start = Stopwatch.GetTimestamp();
        Thread[] threads = Array.ConvertAll(_clients, clients => new Thread(() =>
        {
            try
            {
                for (int turn = 0; Stopwatch.GetElapsedTime(start) < duration && Volatile.Read(ref failure) is null; turn++)
                {
                    bool wasResumed = clients[turn % clients.Length].Visit();
                    Interlocked.Increment(ref connections);
                    Interlocked.Add(ref resumed, wasResumed ? 1 : 0);
                }
            }
            catch (Exception exception)
            {
                Volatile.Write(ref failure, exception);
            }
        }));
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        TimeSpan elapsed = Stopwatch.GetElapsedTime(start);
        return failure is null
            ? (connections, resumed, elapsed)
            : throw new BenchmarkException(
                $"a connection failed, or a node said nothing for {FarmClient.Patience.TotalSeconds:0} seconds: {failure.Message}");
    }

    public void Dispose()
    {
        foreach (FarmClient client in _clients.SelectMany(static clients => clients))
        {
            client.Dispose();
        }

        _context.Dispose();
    }
}
