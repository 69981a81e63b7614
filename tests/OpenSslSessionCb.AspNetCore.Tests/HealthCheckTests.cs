using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Time.Testing;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

[TestFixture]
[Platform("Linux")]
public sealed class HealthCheckTests
{
    private readonly FakeTimeProvider _time = new();
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task StoreWell_IsHealthy()
    {
        await using WebApplication app = await StartAsync(new ObservedStore());
        await SClient.GetAsync(app.EndPoint());

        HealthReportEntry entry = await CheckAsync(app);

        Assert.That((entry.Status, entry.Data["errors"], (long)entry.Data["new"]), Is.EqualTo((HealthStatus.Healthy, 0L, 1L)));
    }

    [Test]
    public async Task StoreFailed_IsDegraded_ForEveryCallerOfHalfAMinute()
    {
        await using WebApplication app = await StartAsync(new ObservedStore { Fails = true });
        await SClient.GetAsync(app.EndPoint());
        await Eventually.IsTrueAsync(() => app.Sessions().Cache!.Statistics.Errors > 0, "the store does not fail");

        HealthReportEntry first = await CheckAsync(app);
        HealthReportEntry second = await CheckAsync(app);
        _time.Advance(TimeSpan.FromSeconds(30));
        HealthReportEntry later = await CheckAsync(app);

        Assert.That(
            (first.Status, second.Status, later.Status), Is.EqualTo((HealthStatus.Degraded, HealthStatus.Degraded, HealthStatus.Healthy)));
        Assert.That((first.Data["errors"], later.Data["errors"], later.Data["total_errors"]), Is.EqualTo((1L, 0L, 1L)));
    }

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task StoreLate_IsDegraded(string version)
    {
        await using WebApplication app =
            await StartAsync(new ObservedStore { Traits = SessionStoreTraits.None, GetDelay = TimeSpan.FromSeconds(2) });
        await SClient.GetAsync(app.EndPoint(), version, "-sess_out", _folder["session"]);
        Assert.That(
            await SClient.GetAsync(app.EndPoint(), version, "-sess_in", _folder["session"]),
            Does.Contain("New, TLSv1.").And.Contain("hello"));

        HealthReportEntry entry = await CheckAsync(app);

        Assert.That((entry.Status, entry.Data["late"]), Is.EqualTo((HealthStatus.Degraded, 1L)));
    }

    [Test]
    public async Task NotStarted_IsHealthy()
    {
        await using WebApplication app = Build(new ObservedStore());

        Assert.That((await CheckAsync(app)).Status, Is.EqualTo(HealthStatus.Healthy));
    }

    private async Task<WebApplication> StartAsync(ObservedStore store)
    {
        WebApplication app = Build(store);
        await app.StartAsync();
        return app;
    }

    private WebApplication Build(ObservedStore store) => KestrelApp.Build(_folder, builder =>
    {
        builder.Services.AddSingleton<TimeProvider>(_time);
        builder.Services.AddOpenSslSessionCache(o => (o.NearCacheCapacity, o.KeyFile, o.CreateKeyFile) = (0, _folder["keys"], true))
            .UseStore(_ => store);
        builder.Services.AddHealthChecks().AddOpenSslSessionCache();
    });

    private static async Task<HealthReportEntry> CheckAsync(WebApplication app) =>
        (await app.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["openssl_session_cache"];
}
