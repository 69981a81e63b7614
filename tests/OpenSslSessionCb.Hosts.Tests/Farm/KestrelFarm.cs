using System.Net;
using System.Text.Json;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>Two Kestrel nodes with one certificate and one Redis, each a process with a key file of its own, as on two machines.</summary>
internal sealed class KestrelFarm : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ServeProcess> _nodes = [];
    private readonly string? _redis;
    private string[] _options = [];

    private KestrelFarm(string? redis) => _redis = redis;

    internal ServeProcess First => _nodes[0];

    internal ServeProcess Second => _nodes[1];

    internal IReadOnlyList<IPEndPoint> EndPoints => [.. _nodes.Select(static node => node.EndPoint)];

    /// <param name="redis">Its address; null: nodes without the library.</param>
    /// <param name="options">Of both nodes.</param>
    internal static Task<KestrelFarm> StartAsync(string? redis, params string[] options) =>
        StartAsync(redis, options, new Dictionary<string, string>());

    /// <param name="redis">Its address; null: nodes without the library.</param>
    /// <param name="options">Of both nodes.</param>
    /// <param name="environmentOfSecond">What the second node's environment has on top.</param>
    internal static async Task<KestrelFarm> StartAsync(
        string? redis, string[] options, IReadOnlyDictionary<string, string> environmentOfSecond)
    {
        var farm = new KestrelFarm(redis);
        try
        {
            (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(farm._folder, "server");
            farm._options = ["--stack", "kestrel", "--until-stdin-closes", "--cert", certificate, "--key", key, .. options];
            if (redis is not null)
            {
                SessionKeyRing.OpenOrCreate(farm.KeyFile(1)).Dispose();
                farm.CopyKeyFile();
            }

            farm._nodes.Add(await farm.StartNodeAsync(keyFile: 1));
            farm._nodes.Add(await farm.StartNodeAsync(keyFile: 2, environmentOfSecond));
            return farm;
        }
        catch
        {
            farm.Dispose();
            throw;
        }
    }

    /// <summary>One node more, which is the caller's.</summary>
    internal Task<ServeProcess> StartNodeAsync(int keyFile, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] cache = _redis is null ? ["--no-cache"] : ["--store", "redis:" + _redis, "--key-file", KeyFile(keyFile)];
        return ServeProcess.StartAsync([.. _options, .. cache], environment);
    }

    internal string KeyFile(int node) => _folder[$"node{node}.key"];

    /// <summary>Takes the first node's key file to the second, as docs/sealing.md has it: beside the old one, then renamed.</summary>
    internal void CopyKeyFile()
    {
        File.Copy(KeyFile(1), KeyFile(2) + ".new", overwrite: true);
        File.Move(KeyFile(2) + ".new", KeyFile(2), overwrite: true);
    }

    internal Task<bool> CrossesAsync(FarmTls tls) => CrossesAsync(tls, First, Second);

    /// <summary>
    /// Whether a new client's session resumes on another node, which has never seen it: so it came through the store.
    /// False too when it was not there in time.
    /// </summary>
    internal static async Task<bool> CrossesAsync(FarmTls tls, ServeProcess from, ServeProcess to)
    {
        using var client = new FarmClient(tls);
        FarmVisit made = client.Visit(from.EndPoint);
        await Task.Delay(FarmLoad.Away);
        FarmVisit returned = client.Visit(to.EndPoint);
        Assert.That((made.Failure, returned.Failure), Is.EqualTo(((string?)null, (string?)null)));
        return returned.IsResumed;
    }

    /// <summary>In either direction.</summary>
    internal async Task EventuallyCrossesAsync(FarmTls tls, string when)
    {
        await Eventually.IsTrueAsync(() => CrossesAsync(tls), $"sessions of the first node do not resume on the second {when}");
        await Eventually.IsTrueAsync(
            () => CrossesAsync(tls, Second, First), $"sessions of the second node do not resume on the first {when}");
    }

    /// <summary>A counter of both nodes together.</summary>
    internal async Task<long> CountAsync(string statistic) =>
        await First.StatisticAsync(statistic) + await Second.StatisticAsync(statistic);

    /// <summary>What the nodes say of themselves, for whoever reads the log.</summary>
    internal async Task PrintAsync(string when)
    {
        foreach (ServeProcess node in _nodes)
        {
            JsonElement statistics = await node.StatisticsAsync();
            IEnumerable<string> counts = statistics.EnumerateObject()
                .Where(static property => property.Value.ToString() is not ("0" or "{}") && property.Name is not ("pid" or "libssl"))
                .Select(static property => $"{property.Name} {property.Value.ToString().ReplaceLineEndings(" ")}");
            await TestContext.Out.WriteLineAsync($"  {when}, node {node.Id}: {string.Join(", ", counts)}");
        }
    }

    public void Dispose()
    {
        _nodes.ForEach(static node => node.Dispose());
        _folder.Dispose();
    }
}
