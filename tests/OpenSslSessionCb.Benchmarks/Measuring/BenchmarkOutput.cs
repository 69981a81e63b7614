using System.Reflection;
using System.Text.Json;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>artifacts/bench: what the benchmarks leave for programs to read.</summary>
internal static class BenchmarkOutput
{
    private static readonly JsonSerializerOptions s_options = new()
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
    };

    /// <summary>Writes one benchmark's results; returns where to.</summary>
    internal static string Write<T>(string benchmark, T results)
    {
        string folder = typeof(BenchmarkOutput).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static m => m.Key == "BenchmarkOutput").Value!;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, benchmark + ".json");
        File.WriteAllText(path, JsonSerializer.Serialize(results, s_options) + "\n");
        return path;
    }
}
