using OpenSslSessionCb.Benchmarks;

// Each benchmark prints a table and writes artifacts/bench/<name>.json. With --quick it measures too little to be quoted: to try it.
const string Quick = "--quick";
var benchmarks = new SortedDictionary<string, Func<bool, Task<int>>>(StringComparer.Ordinal)
{
    ["away"] = AwayBenchmark.RunAsync,
    ["callbacks"] = CallbackBenchmark.RunAsync,
    ["farm"] = FarmBenchmark.RunAsync,
    ["hello"] = HelloBenchmark.RunAsync,
    ["native"] = NativeBenchmark.RunAsync,
    ["stores"] = StoresBenchmark.RunAsync,
};

if (args.Except([Quick]).ToArray() is not [var name] || !benchmarks.TryGetValue(name, out Func<bool, Task<int>>? runAsync))
{
    Console.Error.WriteLine($"bench: give the name of one benchmark: {string.Join(", ", benchmarks.Keys)}; and after it perhaps {Quick}.");
    return 2;
}

try
{
    return await runAsync(args.Contains(Quick));
}
catch (BenchmarkException exception)
{
    Console.Error.WriteLine($"bench: {exception.Message}");
    return 1;
}
