using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Hosted;

/// <summary>Clients of a process that a cache is attached to are as they were.</summary>
[TestFixture(SslProtocols.Tls12)]
[TestFixture(SslProtocols.Tls13)]
[Platform("Linux")]
[NonParallelizable]
public sealed class HttpClientTests(SslProtocols protocol)
{
    private TemporaryFolder _folder = null!;
    private SessionCache _cache = null!;
    private ProcessAttachment _attachment = null!;

    [SetUp]
    public void Attach()
    {
        _folder = new TemporaryFolder();
        _cache = new SessionCache(new MemorySessionStore());
        _attachment = _cache.AttachToProcess();
    }

    [TearDown]
    public async Task Detach()
    {
        _attachment.Dispose();
        await _cache.DisposeAsync();
        _folder.Dispose();
    }

    [Test]
    public async Task HttpClient_ConnectingAgain_Resumes()
    {
        using ServeProcess server = await ServeProcess.StartAsync();
        using HttpClient client = CreateClient();

        Assert.That(await GetAsync(client, server), Does.Contain("reused: no"));
        Assert.That(await GetAsync(client, server), Does.Contain("reused: yes"));
        Assert.That(await GetAsync(client, server), Does.Contain("reused: yes"));
        AssertUntouched();
    }

    [Test]
    public async Task HttpClient_WithCertificate_ShowsIt()
    {
        ClientIdentity identity = await ClientIdentity.MakeAsync(_folder);
        using X509Certificate2 certificate = identity.Load();
        using ServeProcess server = await ServeProcess.StartAsync("--client-ca", identity.CaFile);
        using HttpClient client = CreateClient(certificate);

        Assert.That(await GetAsync(client, server), Does.Contain("reused: no").And.Contain("certificate: yes"));
        Assert.That(await GetAsync(client, server), Does.Contain("certificate: yes"));
        AssertUntouched();
    }

    private static async Task<string> GetAsync(HttpClient client, ServeProcess server)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"https://localhost:{server.EndPoint.Port}/");
        request.Headers.ConnectionClose = true;
        using HttpResponseMessage response = await client.SendAsync(request);
        Assert.That(response.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        return await response.Content.ReadAsStringAsync();
    }

    private HttpClient CreateClient(X509Certificate2? certificate = null)
    {
        var handler = new SocketsHttpHandler();
        handler.SslOptions.EnabledSslProtocols = protocol;
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        handler.SslOptions.ClientCertificates = certificate is null ? null : [certificate];
        return new HttpClient(handler);
    }

    private void AssertUntouched()
    {
        Assert.That(_attachment.ContextsMade, Is.Positive, "the clients' contexts were seen");
        Assert.That(_attachment.Contexts, Is.Empty, "and left alone");
        Assert.That((_attachment.FailureCount, _cache.Statistics.New, _cache.Statistics.Get), Is.EqualTo((0L, 0L, 0L)));
    }
}
