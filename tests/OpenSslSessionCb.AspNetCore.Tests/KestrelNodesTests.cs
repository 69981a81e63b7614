using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>The sample in two processes that share an SQLite file, and openssl as the client.</summary>
[TestFixture]
[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class KestrelNodesTests
{
    private const string RequireCertificate = "--Kestrel:Endpoints:Web:ClientCertificateMode=RequireCertificate";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        _folder = new TemporaryFolder();
        Certificates.WriteSelfSigned(_folder, "server").Dispose();
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [TestCase("1.2", "http/1.1")]
    [TestCase("1.3", "http/1.1")]
    [TestCase("1.2", "h2")]
    [TestCase("1.3", "h2")]
    public async Task Client_GoingToTheOtherNode_ResumesThere(string version, string protocol)
    {
        using KestrelNode first = await KestrelNode.StartAsync(_folder);
        using KestrelNode second = await KestrelNode.StartAsync(_folder);

        string made = await SClient.GetAsync(first.EndPoint, Tls(version), "-alpn", protocol, "-sess_out", _folder["session"]);
        Assert.That(made, Does.Contain($"New, TLSv{version}").And.Contain($"ALPN protocol: {protocol}"));
        await first.WaitUntilWrittenAsync();
        string resumed = await SClient.GetAsync(second.EndPoint, Tls(version), "-alpn", protocol, "-sess_in", _folder["session"]);

        Assert.That(resumed, Does.Contain($"Reused, TLSv{version}").And.Contain($"ALPN protocol: {protocol}"));
        Assert.That(resumed, Does.Contain($"node {second.Id}, Tls{version.Replace(".", "", StringComparison.Ordinal)}"));
    }

    [TestCase("1.2")]
    [TestCase("1.3")]
    public async Task Client_NodesWithoutTheLibrary_DoNotResumeEachOther(string version)
    {
        using KestrelNode first = await KestrelNode.StartAsync(_folder, "alone");
        using KestrelNode second = await KestrelNode.StartAsync(_folder, "alone");

        await SClient.GetAsync(first.EndPoint, Tls(version), "-sess_out", _folder["session"]);
        string offered = await SClient.GetAsync(second.EndPoint, Tls(version), "-sess_in", _folder["session"]);

        Assert.That(offered, Does.Contain($"New, TLSv{version}").And.Contain($"node {second.Id}"));
    }

    [TestCase("1.2")]
    [TestCase("1.3")]
    public async Task ClientCertificate_Demanded_IsSeenOnTheResumedConnectionToo(string version)
    {
        Certificates.WriteSigned(_folder, "client");
        using X509Certificate2 client = X509Certificate2.CreateFromPemFile(_folder["client.crt"], _folder["client.key"]);
        string[] shown = ["-cert", _folder["client.crt"], "-key", _folder["client.key"]];
        using KestrelNode first = await KestrelNode.StartAsync(_folder, RequireCertificate);
        using KestrelNode second = await KestrelNode.StartAsync(_folder, RequireCertificate);

        string made = await SClient.GetAsync(first.EndPoint, [Tls(version), "-sess_out", _folder["session"], .. shown]);
        Assert.That(made, Does.Contain($"New, TLSv{version}").And.Contain("client CN=client"));
        await first.WaitUntilWrittenAsync(client);
        string resumed = await SClient.GetAsync(second.EndPoint, [Tls(version), "-sess_in", _folder["session"], .. shown]);

        Assert.That(resumed, Does.Contain($"Reused, TLSv{version}").And.Contain($"node {second.Id}").And.Contain("client CN=client"));
    }

    [TestCase("1.2")]
    [TestCase("1.3")]
    public async Task ClientCertificate_SessionMadeWithout_DoesNotGetPastANodeThatDemandsOne(string version)
    {
        Certificates.WriteSigned(_folder, "client");
        using KestrelNode open = await KestrelNode.StartAsync(_folder);
        using KestrelNode closed = await KestrelNode.StartAsync(_folder, RequireCertificate);

        await SClient.GetAsync(open.EndPoint, Tls(version), "-sess_out", _folder["session"]);
        await open.WaitUntilWrittenAsync();
        string refused = await SClient.GetAsync(closed.EndPoint, Tls(version), "-sess_in", _folder["session"]);

        Assert.That(refused, Does.Not.Contain("Reused").And.Not.Contain($"node {closed.Id}"));
    }

    [TestCase("1.2")]
    [TestCase("1.3")]
    public async Task Node_AskedToStop_HasWrittenItsSessions(string version)
    {
        using KestrelNode first = await KestrelNode.StartAsync(_folder);
        await SClient.GetAsync(first.EndPoint, Tls(version), "-sess_out", _folder["session"]);

        Assert.That(await first.StopAsync(), Is.Zero);

        using KestrelNode second = await KestrelNode.StartAsync(_folder);
        Assert.That(
            await SClient.GetAsync(second.EndPoint, Tls(version), "-sess_in", _folder["session"]), Does.Contain($"Reused, TLSv{version}"));
    }

    private static string Tls(string version) => "-tls" + version.Replace('.', '_');
}
