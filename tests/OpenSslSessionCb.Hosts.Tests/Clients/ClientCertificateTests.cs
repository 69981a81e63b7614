using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Clients;

[TestFixture("-tls1_2")]
[TestFixture("-tls1_3")]
[Platform("Linux")]
public sealed class ClientCertificateTests(string version)
{
    private TemporaryFolder _folder = null!;
    private string _clientCertificate = null!;
    private string _clientKey = null!;
    private string _clientCa = null!;

    [SetUp]
    public async Task MakeCertificates()
    {
        _folder = new TemporaryFolder();
        (_clientCa, string caKey) = await OpenSslClient.MakeCertificateAsync(_folder, "ca");
        (_clientCertificate, _clientKey) = await OpenSslClient.MakeCertificateAsync(_folder, "client", "-CA", _clientCa, "-CAkey", caKey);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Client_WithCertificate_ResumesInTheOtherProcessAsItself()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, "--client-ca", _clientCa);
        ProcessResult first = await GetAsync(servers.First, "-sess_out", _folder["session"]);
        Assert.That(first.Output, Does.Contain("reused: no").And.Contain("certificate: yes"), first.All);
        using (X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(_clientCertificate, _clientKey))
        {
            await servers.First.WaitUntilWrittenAsync(certificate);
        }

        ProcessResult second = await GetAsync(servers.Second, "-sess_in", _folder["session"]);

        Assert.That(second.Output, Does.Contain("reused: yes").And.Contain("certificate: yes"), second.All);
    }

    [Test]
    public async Task Client_WithoutCertificate_IsNotServed()
    {
        using ServeProcess server = await ServeProcess.StartAsync("--client-ca", _clientCa);

        ProcessResult result = await OpenSslClient.GetAsync(server, version);

        Assert.That(result.Output, Does.Not.Contain("pid: "));
        Assert.That(result.ExitCode, Is.Not.Zero);
    }

    [Test]
    public async Task Client_SessionOfAServerThatAsksForNoCertificate_GetsAFullHandshake()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, [], ["--client-ca", _clientCa]);
        await OpenSslClient.GetAsync(servers.First, version, "-sess_out", _folder["session"]);
        await servers.First.WaitUntilWrittenAsync();

        ProcessResult second = await GetAsync(servers.Second, "-sess_in", _folder["session"]);

        Assert.That(second.Output, Does.Contain("reused: no").And.Contain("certificate: yes"), second.All);
    }

    private Task<ProcessResult> GetAsync(ServeProcess server, params IEnumerable<string> options) =>
        OpenSslClient.GetAsync(server, [version, "-cert", _clientCertificate, "-key", _clientKey, .. options]);
}
