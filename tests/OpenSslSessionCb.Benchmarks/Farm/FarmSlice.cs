
namespace OpenSslSessionCb.Benchmarks;

/// <summary>What one variant did in one slice of time.</summary>
/// <param name="Connections">How many were made.</param>
/// <param name="Resumed">How many of them resumed.</param>
/// <param name="PerSecond">Connections a second.</param>
/// <param name="NodesMs">CPU of both nodes for a connection, in ms.</param>
/// <param name="CompilerShare">How much of that the JIT used: 0 to 1.</param>
/// <param name="RedisMs">CPU of the Redis for a connection, in ms.</param>
internal sealed record FarmSlice(int Connections, int Resumed, double PerSecond, double NodesMs, double CompilerShare, double RedisMs)
{
    internal static FarmSlice Measure(FarmVariant variant, TimeSpan duration, ServerProcess? redis)
    {
        (TimeSpan nodes, TimeSpan compiler, TimeSpan store) before = Cpu(variant, redis);
        (int connections, int resumed, TimeSpan elapsed) = variant.Clients.Run(duration);
        (TimeSpan nodes, TimeSpan compiler, TimeSpan store) after = Cpu(variant, redis);
        return new FarmSlice(
            connections,
            resumed,
            connections / elapsed.TotalSeconds,
            (after.nodes - before.nodes).TotalMilliseconds / connections,
            Math.Max(0, (after.compiler - before.compiler) / (after.nodes - before.nodes)),
            (after.store - before.store).TotalMilliseconds / connections);
    }

    private static (TimeSpan Nodes, TimeSpan Compiler, TimeSpan Store) Cpu(FarmVariant variant, ServerProcess? redis) =>
        (variant.Cpu, variant.CompilerCpu, redis?.Cpu ?? TimeSpan.Zero);
}
