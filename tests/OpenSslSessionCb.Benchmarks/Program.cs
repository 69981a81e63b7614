using OpenSslSessionCb.Benchmarks;

// Each benchmark prints a table and writes artifacts/bench/<name>.json.
var benchmarks = new SortedDictionary<string, Action>(StringComparer.Ordinal)
{
    ["callbacks"] = CallbackBenchmark.Run,
};

if (args is not [var name] || !benchmarks.TryGetValue(name, out Action? run))
{
    Console.Error.WriteLine($"bench: give the name of one benchmark: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}

run();
return 0;
