using OpenSslSessionCb.Tests;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What one variant did in one slice of time.</summary>
/// <param name="Connections">How many were made.</param>
/// <param name="Resumed">How many of them resumed.</param>
/// <param name="PerSecond">Connections a second.</param>
/// <param name="NodesMs">CPU of both nodes for a connection, in ms.</param>
/// <param name="RedisMs">CPU of the Redis for a connection, in ms.</param>
internal sealed record FarmSlice(int Connections, int Resumed, double PerSecond, double NodesMs, double RedisMs)
{
    internal static FarmSlice Measure(FarmVariant variant, TimeSpan duration, ServerProcess? redis)
    {
        (TimeSpan nodes, TimeSpan store) before = (variant.Cpu, redis?.Cpu ?? TimeSpan.Zero);
        (int connections, int resumed, TimeSpan elapsed) = variant.Clients.Run(duration);
        (TimeSpan nodes, TimeSpan store) after = (variant.Cpu, redis?.Cpu ?? TimeSpan.Zero);
        return new FarmSlice(
            connections,
            resumed,
            connections / elapsed.TotalSeconds,
            (after.nodes - before.nodes).TotalMilliseconds / connections,
            (after.store - before.store).TotalMilliseconds / connections);
    }
}
