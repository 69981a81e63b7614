using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>nginx, and a Redis of the test's own that counts what it is asked.</summary>
public abstract class RedisAdversaryTests : AdversaryTests
{
    private HostSite[] _sites = [];

    private protected ServerProcess Redis { get; private set; } = null!;

    /// <summary>Between the hosts and the store.</summary>
    private protected TcpProxy Proxy { get; private set; } = null!;

    /// <summary>The farm of <see cref="AdversaryTests"/>, with this store.</summary>
    private protected HostSetup Farm => Setup.With(store: "redis:" + Proxy.Address, sites: _sites);

    [SetUp]
    public async Task StartRedis()
    {
        AdversaryHost.RequireOrIgnore("nginx", "redis-cli");
        Redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());
        Proxy = new TcpProxy(Redis.Port);
    }

    [TearDown]
    public async Task StopRedis()
    {
        // The base class stops the hosts after this: they run on without their store.
        if (Proxy is not null)
        {
            await Proxy.DisposeAsync();
        }

        if (Redis is not null)
        {
            await Redis.DisposeAsync();
        }
    }

    private protected Task<NativeHost> StartAsync(string name) =>
        RunningAsync(AdversaryNginx.StartAsync(Farm, name, AdversaryNginx.Server(Farm, new Verification())));

    /// <summary>Makes sites with certificates of their own, and a server that has seen all their names.</summary>
    private protected async Task<(NativeHost Host, string[] Names)> StartWithSitesAsync(string name, int count)
    {
        if (_sites.Length == 0)
        {
            _sites = await Task.WhenAll(Enumerable.Range(0, count).Select(site => Setup.MakeSiteAsync($"site{site}.example")));
        }

        NativeHost host = await StartAsync(name);
        foreach (HostSite site in _sites)
        {
            Visit visit = await Visit.ToAsync(host.Port, "-servername", site.Name);
            Assert.That(visit.All, Does.Contain("subject=CN = " + site.Name), "or this proves nothing");
        }

        return (host, [.. _sites.Select(static site => site.Name)]);
    }

    /// <summary>Until what a server has told the store so far is there: it tells it in turn, so the last thing is enough.</summary>
    private protected async Task WaitUntilToldAsync(NativeHost host, string name)
    {
        int before = await Redis.PutsAsync();
        Visit visit = await Visit.ToAsync(host.Port, "-servername", name);
        Assert.That(visit.IsServed, Is.True, visit.All);
        await Eventually.IsTrueAsync(async () => await Redis.PutsAsync() > before, "a new session comes to the store");
    }
}
