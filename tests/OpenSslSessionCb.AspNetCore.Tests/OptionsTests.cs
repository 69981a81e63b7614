using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

[TestFixture]
[Platform("Linux")]
public sealed class OptionsTests
{
    [Test]
    public void Section_IsRead_AndTheCodeHasTheLastWord()
    {
        using IHost host = Build(
            static o => o.Farm = "code",
            ("Farm", "section"), ("KeyFile", "/etc/keys"), ("CreateKeyFile", "true"), ("KeyFileReloadInterval", "00:00:05"),
            ("Lifetime", "00:10:00"), ("MaxAge", "01:00:00"), ("LookupDeadline", "00:00:00.005"),
            ("NearCacheCapacity", "1"), ("NearCacheLifetime", "00:00:02"),
            ("WriteQueueCapacity", "3"), ("FlushTimeout", "00:00:04"), ("Tickets", "2"),
            ("ReverifyInterval", "00:00:03"), ("ShareSessionsWithoutClientCertificate", "true"),
            ("Breaker:FailureRatio", "0.25"), ("Breaker:MinimumThroughput", "7"),
            ("Breaker:SamplingDuration", "00:00:08"), ("Breaker:BreakDuration", "00:00:09"));

        OpenSslSessionCacheOptions read = host.Services.GetRequiredService<IOptions<OpenSslSessionCacheOptions>>().Value;

        Assert.That((read.Farm, read.KeyFile, read.CreateKeyFile), Is.EqualTo(("code", "/etc/keys", true)));
        Assert.That(
            new[] { read.KeyFileReloadInterval, read.Lifetime, read.MaxAge, read.LookupDeadline, read.NearCacheLifetime, read.FlushTimeout }
                .Select(static span => span.TotalSeconds),
            Is.EqualTo(new[] { 5, 600, 3600, 0.005, 2, 4 }));
        Assert.That(
            (read.Breaker.FailureRatio, read.Breaker.MinimumThroughput, read.Breaker.SamplingDuration.TotalSeconds,
                read.Breaker.BreakDuration.TotalSeconds),
            Is.EqualTo((0.25, 7, 8, 9)));
        Assert.That((read.ReverifyInterval.TotalSeconds, read.ShareSessionsWithoutClientCertificate), Is.EqualTo((3, true)));
        Assert.That((read.NearCacheCapacity, read.WriteQueueCapacity, read.Tickets), Is.EqualTo((1, 3, 2)));
    }

    [TestCase("Farm", " ", "OpenSslSessionCache:Farm must have 1 to 256 characters.")]
    [TestCase("KeyFile", "", "OpenSslSessionCache:KeyFile must name a file, or be left out.")]
    [TestCase("CreateKeyFile", "true", "OpenSslSessionCache:CreateKeyFile needs KeyFile.")]
    [TestCase("KeyFileReloadInterval", "00:00:00",
        "OpenSslSessionCache:KeyFileReloadInterval is 00:00:00, but must be from 00:00:01 to 1.00:00:00.")]
    [TestCase("Lifetime", "8.00:00:00", "OpenSslSessionCache:Lifetime is 8.00:00:00, but must be from 00:00:01 to 7.00:00:00.")]
    [TestCase("MaxAge", "00:00:00", "OpenSslSessionCache:MaxAge is 00:00:00, but must be from 00:00:01 to 30.00:00:00.")]
    [TestCase("LookupDeadline", "00:00:02",
        "OpenSslSessionCache:LookupDeadline is 00:00:02, but must be from 00:00:00.0010000 to 00:00:01.")]
    [TestCase("Breaker:FailureRatio", "0", "OpenSslSessionCache:Breaker:FailureRatio is 0, but must be above 0 and at most 1.")]
    [TestCase("Breaker:MinimumThroughput", "1", "OpenSslSessionCache:Breaker:MinimumThroughput is 1, but must be from 2 to 100000.")]
    [TestCase("Breaker:SamplingDuration", "00:00:00.4",
        "OpenSslSessionCache:Breaker:SamplingDuration is 00:00:00.4000000, but must be from 00:00:00.5000000 to 01:00:00.")]
    [TestCase("Breaker:BreakDuration", "02:00:00",
        "OpenSslSessionCache:Breaker:BreakDuration is 02:00:00, but must be from 00:00:00.5000000 to 01:00:00.")]
    [TestCase("NearCacheCapacity", "-1", "OpenSslSessionCache:NearCacheCapacity is -1, but must be from 0 to 1000000.")]
    [TestCase("NearCacheLifetime", "2.00:00:00",
        "OpenSslSessionCache:NearCacheLifetime is 2.00:00:00, but must be from 00:00:01 to 1.00:00:00.")]
    [TestCase("WriteQueueCapacity", "0", "OpenSslSessionCache:WriteQueueCapacity is 0, but must be from 1 to 1000000.")]
    [TestCase("ReverifyInterval", "02:00:00",
        "OpenSslSessionCache:ReverifyInterval is 02:00:00, but must be from 00:00:00 to 01:00:00.")]
    [TestCase("FlushTimeout", "02:00:00", "OpenSslSessionCache:FlushTimeout is 02:00:00, but must be from 00:00:00 to 01:00:00.")]
    [TestCase("Tickets", "17", "OpenSslSessionCache:Tickets is 17, but must be from 0 to 16.")]
    public void BadValue_StopsTheStart_InOneSentence(string option, string value, string sentence)
    {
        using IHost host = Build(null, (option, value));

        var thrown = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(thrown.Failures, Is.EqualTo(new[] { sentence }));
    }

    [Test]
    public void SeveralBadValues_AreAllNamed()
    {
        using IHost host = Build(null, ("Tickets", "17"), ("Farm", " "));

        Assert.That(Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync()).Failures.Count(), Is.EqualTo(2));
    }

    [TestCase(0)]
    [TestCase(1)]
    public async Task BoundsOfEachOption_AreThoseOfTheCache(int end)
    {
        string[][] bounds =
        [
            ["Lifetime", "00:00:01", "7.00:00:00"], ["MaxAge", "00:00:01", "30.00:00:00"],
            ["LookupDeadline", "00:00:00.001", "00:00:01"], ["NearCacheLifetime", "00:00:01", "1.00:00:00"],
            ["ReverifyInterval", "00:00:00", "01:00:00"], ["FlushTimeout", "00:00:00", "01:00:00"], ["NearCacheCapacity", "0", "1000000"],
            ["WriteQueueCapacity", "1", "1000000"], ["Tickets", "0", "16"],
            ["Breaker:FailureRatio", "0.01", "1"], ["Breaker:MinimumThroughput", "2", "100000"],
            ["Breaker:SamplingDuration", "00:00:00.5", "01:00:00"], ["Breaker:BreakDuration", "00:00:00.5", "01:00:00"],
        ];
        using IHost host = Build(null, [.. bounds.Select(bound => (bound[0], bound[1 + end]))]);

        // SessionCache checks for itself and would throw.
        await host.StartAsync();
        await host.StopAsync();
    }

    [Test]
    public void StoreOutsideTheProcess_WithoutKeyFile_StopsTheStart_NamingTheOption()
    {
        var store = new ObservedStore { Traits = SessionStoreTraits.None };
        using IHost host = Build(null, b => b.UseStore(_ => store));

        var thrown = Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.That(thrown.Message, Is.EqualTo("ObservedStore keeps sessions outside this process: "
            + "set OpenSslSessionCache:KeyFile to the file of the keys that seal them, the same on every node."));
        Assert.That(store.IsDisposed, Is.True);
    }

    [Test]
    public void NoStore_StopsTheStart_NamingTheMethods()
    {
        using IHost host = Build(null, static _ => { });

        Assert.That(
            Assert.ThrowsAsync<InvalidOperationException>(() => host.StartAsync()).Message,
            Does.Contain("UseSqlite, UseRedis, UseStore or UseMemory"));
    }

    [Test]
    public void AddOpenSslSessionCache_Twice_IsOneCache()
    {
        var services = new ServiceCollection();

        SessionCacheBuilder first = services.AddOpenSslSessionCache(static o => o.Farm = "first");
        SessionCacheBuilder second = services.AddOpenSslSessionCache(static o => o.Tickets = 3);

        using ServiceProvider provider = services.BuildServiceProvider();
        OpenSslSessionCacheOptions options = provider.GetRequiredService<IOptions<OpenSslSessionCacheOptions>>().Value;
        Assert.That(second, Is.SameAs(first));
        Assert.That((options.Farm, options.Tickets, provider.GetServices<IHostedService>().Count()), Is.EqualTo(("first", 3, 1)));
    }

    private static IHost Build(Action<OpenSslSessionCacheOptions>? configure, params (string Name, string Value)[] section) =>
        Build(configure, static builder => builder.UseMemory(), section);

    private static IHost Build(
        Action<OpenSslSessionCacheOptions>? configure, Action<SessionCacheBuilder> store, params (string Name, string Value)[] section)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection(
            section.Select(static setting => KeyValuePair.Create("OpenSslSessionCache:" + setting.Name, (string?)setting.Value)));
        store(builder.Services.AddOpenSslSessionCache(configure));
        return builder.Build();
    }
}
