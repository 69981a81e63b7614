using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>Kestrel judges clients after the handshake, on resumed connections too: nobody it would serve loses more than one.</summary>
[TestFixture("1.2")]
[TestFixture("1.3")]
[Platform("Linux")]
public sealed class KestrelClientCertificateTests(string version)
{
    private const string Served = "sessions\n";

    private TemporaryFolder _folder = null!;
    private X509Certificate2 _server = null!;
    private ObservedStore _store = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        _server = Certificates.WriteSelfSigned(_folder, "node");
        _store = new ObservedStore();
    }

    [TearDown]
    public async Task DeleteFolder()
    {
        await _store.DisposeAsync();
        _server.Dispose();
        _folder.Dispose();
    }

    [Test]
    public async Task Client_TurnedAwayOnAResumedConnection_IsServedByAFullHandshake()
    {
        Certificates.WriteSigned(_folder, "client");
        bool accepts = true;
        await using WebApplication app = await StartAsync(https => https.ClientCertificateValidation = (_, _, _) => accepts);

        string made = await GetAsync(app);
        string resumed = await GetAsync(app, "-sess_in", _folder["session"]);
        Assert.That(made, Does.Contain($"New, TLSv{version}").And.Contain(Served));
        Assert.That(resumed, Does.Contain($"Reused, TLSv{version}").And.Contain(Served), "the control: whom it lets in");

        accepts = false;
        string turnedAway = await GetAsync(app, "-sess_in", _folder["session"]);
        Assert.That(turnedAway, Does.Contain($"Reused, TLSv{version}").And.Not.Contain(Served));

        accepts = true;
        string next = await GetAsync(app, "-sess_in", _folder["session"]);
        Assert.That(next, Does.Contain($"New, TLSv{version}").And.Contain(Served));
        Assert.That(app.Sessions().Cache!.Statistics.TurnedAway, Is.EqualTo(version == "1.3" ? 2 : 1));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Client_WhoseCertificateHangsByAnIntermediate_ResumesAtAnotherNodeThatKnowsItAndIsServedAtAny(bool known)
    {
        (X509Certificate2 root, X509Certificate2 intermediate) = Certificates.WriteHanging(_folder, "client");
        using X509Certificate2 trusted = root;
        using X509Certificate2 sent = intermediate;
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.Add(root);
        X509Certificate2[] knows = known ? [intermediate] : [];
        policy.ExtraStore.AddRange(knows);

        string made, elsewhere;
        await using (WebApplication first = await StartAsync(Set, knows))
        {
            made = await GetAsync(first, "-cert_chain", _folder["client-intermediate.crt"]);
        }

        await using (WebApplication second = await StartAsync(Set, knows))
        {
            elsewhere = await GetAsync(
                second, "-cert_chain", _folder["client-intermediate.crt"], "-sess_in", _folder["session"]);
        }

        Assert.That(made, Does.Contain($"New, TLSv{version}").And.Contain(Served));
        Assert.That(elsewhere, Does.Contain(known ? $"Reused, TLSv{version}" : $"New, TLSv{version}").And.Contain(Served));

        void Set(HttpsConnectionAdapterOptions https) => https.OnAuthenticate = (_, ssl) => ssl.CertificateChainPolicy = policy;
    }

    private async Task<WebApplication> StartAsync(Action<HttpsConnectionAdapterOptions> configure, params X509Certificate2[] intermediates)
    {
        WebApplication app = LookAheadApp.Build(
            _folder,
            _store,
            configure: (kestrel, _) => kestrel.Listen(IPAddress.Loopback, 0, endpoint => endpoint.UseHttps(_server, https =>
            {
                https.ClientCertificateMode = ClientCertificateMode.RequireCertificate;
                configure(https);
            })),
            sessions: sessions => sessions.UseClientIntermediates(intermediates));
        await app.StartAsync();
        return app;
    }

    private Task<string> GetAsync(WebApplication app, params IEnumerable<string> options) => SClient.GetAsync(
        app.EndPoint(),
        [
            "-tls" + version.Replace('.', '_'), "-cert", _folder["client.crt"], "-key", _folder["client.key"],
            "-sess_out", _folder["session"], .. options,
        ]);
}
