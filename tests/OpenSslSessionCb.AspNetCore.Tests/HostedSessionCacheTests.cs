using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>When the cache comes and goes, and what stops a start.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class HostedSessionCacheTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Cache_IsThereBeforeAnyServerStarts_AndUntilEveryServerHasStopped()
    {
        var store = new ObservedStore();
        var events = new List<string>();
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton<IHostedService>(provider => new ObservingServer(provider, store, events, "added before"));
        builder.Services.AddOpenSslSessionCache().UseStore(_ => store);
        builder.Services.AddSingleton<IHostedService>(provider => new ObservingServer(provider, store, events, "added after"));
        using IHost host = builder.Build();

        await host.StartAsync();
        await host.StopAsync();

        Assert.That(events, Is.EqualTo(new[]
        {
            "added before starts, attached: True", "added after starts, attached: True",
            "added after has stopped, store open: True", "added before has stopped, store open: True",
        }));
        Assert.That(store.IsDisposed, Is.True);
    }

    [Test]
    public async Task Stop_SlowStore_HasEverySession()
    {
        var store = new ObservedStore { PutDelay = TimeSpan.FromMilliseconds(300) };
        await using WebApplication app = KestrelApp.Build(_folder,
            builder => builder.Services.AddOpenSslSessionCache().UseStore(_ => store));
        await app.StartAsync();
        await SClient.GetAsync(app.EndPoint(), "-tls1_2");
        await SClient.GetAsync(app.EndPoint(), "-tls1_3");
        int announced = (int)app.Sessions().Cache!.Statistics.New;

        await app.StopAsync();

        Assert.That((announced, store.Count, store.IsDisposed), Is.EqualTo((2, 2, true)));
    }

    [Test]
    public async Task Filter_SaysNo_ContextIsLeftAlone()
    {
        await using WebApplication app = KestrelApp.Build(_folder,
            builder => builder.Services.AddOpenSslSessionCache().UseMemory().UseFilter(static _ => false));
        await app.StartAsync();
        await SClient.GetAsync(app.EndPoint());

        Assert.That(
            app.Sessions().Attachment!.Contexts.Select(static context => context.Decision),
            Is.EqualTo(new[] { ProcessContextDecision.FilteredOut }));
        Assert.That(app.Sessions().Cache!.Statistics.New, Is.Zero);
    }

    [Test]
    public async Task OtherSystem_OneWarning_AndTheAppRuns()
    {
        using var log = new LogLines();
        await using WebApplication app = KestrelApp.Build(_folder, builder =>
        {
            builder.Logging.AddProvider(log);
            builder.Services.AddSingleton(new HostPlatform(UsesOpenSsl: false));
            builder.Services.AddOpenSslSessionCache().UseStore(static _ => throw new InvalidOperationException("The store is not made."));
        });
        await app.StartAsync();

        Assert.That(await SClient.GetAsync(app.EndPoint()), Does.Contain("hello"));
        Assert.That(app.Sessions().Cache, Is.Null);
        Assert.That(log.Warnings.Where(static line => line.Contains("TLS sessions", StringComparison.Ordinal)).Count(), Is.EqualTo(1));
    }

    [Test]
    public async Task FailingStore_AppServes()
    {
        var store = new ObservedStore { Fails = true };
        await using WebApplication app = KestrelApp.Build(_folder,
            builder => builder.Services.AddOpenSslSessionCache().UseStore(_ => store));
        await app.StartAsync();

        Assert.That(await SClient.GetAsync(app.EndPoint()), Does.Contain("hello"));
    }

    [Test]
    public async Task RedisAway_AppStartsServesAndStops()
    {
        // Port 1: nobody listens there.
        await using WebApplication app = KestrelApp.Build(_folder, builder => builder.Services
            .AddOpenSslSessionCache(o => (o.KeyFile, o.CreateKeyFile) = (_folder["keys"], true))
            .UseRedis("127.0.0.1:1"));
        await app.StartAsync();

        Assert.That(await SClient.GetAsync(app.EndPoint()), Does.Contain("hello"));
        await app.StopAsync();
    }

    [Test]
    public void RedisConfigurationNotUnderstood_StopsTheStart()
    {
        WebApplication app = KestrelApp.Build(_folder, builder => builder.Services
            .AddOpenSslSessionCache(o => (o.KeyFile, o.CreateKeyFile) = (_folder["keys"], true))
            .UseRedis("no=setting"));

        Assert.That(
            Assert.ThrowsAsync<ArgumentException>(() => app.StartAsync()).Message,
            Does.StartWith("The Redis configuration is not understood").And.Not.Contain("\n"));
    }

    [Test]
    public void DamagedSqliteFile_StopsTheStart()
    {
        _folder.Write("sessions.db", "SQLite format 3\0" + new string('x', 8192));

        var thrown =
            Assert.ThrowsAsync<SessionStoreException>(() => StartAsync(o => (o.KeyFile, o.CreateKeyFile) = (_folder["key"], true)));

        Assert.That(thrown.Message, Does.Contain("sessions.db").And.Not.Contain("\n"));
    }

    [Test]
    public void MissingKeyFile_StopsTheStart()
    {
        var thrown = Assert.ThrowsAsync<SessionKeyRingException>(() => StartAsync(o => o.KeyFile = _folder["absent"]));

        Assert.That(thrown.Message, Does.Contain("absent").And.Not.Contain("\n"));
    }

    [Test]
    public void MalformedKeyFile_StopsTheStart()
    {
        File.SetUnixFileMode(_folder.Write("key", "no key at all\n"), UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.ThrowsAsync<SessionKeyRingException>(() => StartAsync(o => o.KeyFile = _folder["key"]));
    }

    private async Task StartAsync(Action<OpenSslSessionCacheOptions> configure)
    {
        await using WebApplication app = KestrelApp.Build(_folder,
            builder => builder.Services.AddOpenSslSessionCache(configure).UseSqlite(_folder["sessions.db"]));
        await app.StartAsync();
    }

    private sealed class ObservingServer(IServiceProvider services, ObservedStore store, List<string> events, string name) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            events.Add($"{name} starts, attached: {services.GetRequiredService<HostedSessionCache>().Attachment is not null}");
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken)
        {
            events.Add($"{name} has stopped, store open: {!store.IsDisposed}");
            return Task.CompletedTask;
        }
    }
}
