using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Hosted;

/// <summary>Mutual TLS on .NET's own TLS.</summary>
[TestFixture("sslstream", "-tls1_2")]
[TestFixture("sslstream", "-tls1_3")]
[TestFixture("kestrel", "-tls1_2")]
[TestFixture("kestrel", "-tls1_3")]
[Platform("Linux")]
public sealed class HostedClientCertificateTests(string stack, string version)
{
    private readonly string[] _stack = ["--stack", stack];

    private TemporaryFolder _folder = null!;
    private ClientIdentity _client = null!;

    [SetUp]
    public async Task MakeCertificates()
    {
        _folder = new TemporaryFolder();
        _client = await ClientIdentity.MakeAsync(_folder);
    }

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Client_WithCertificate_ResumesInTheOtherProcessAsItself()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, [.. _stack, "--client-ca", _client.CaFile]);

        ProcessResult second = await CrossAsync(servers);

        Assert.That(second.Output, Does.Contain("reused: yes").And.Contain("certificate: yes"), second.All);
    }

    [Test]
    public async Task Client_WithoutCertificate_IsNotServed()
    {
        using ServeProcess server = await ServeProcess.StartAsync([.. _stack, "--client-ca", _client.CaFile]);

        ProcessResult result = await OpenSslClient.GetAsync(server, version);

        Assert.That(result.Output, Does.Not.Contain("pid: "));
    }

    [Test]
    public async Task Client_SessionOfAServerThatAsksForNoCertificate_GetsAFullHandshake()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder, _stack, [.. _stack, "--client-ca", _client.CaFile]);

        ProcessResult second = await CrossAsync(servers, firstAsks: false);

        Assert.That(second.Output, Does.Contain("reused: no").And.Contain("certificate: yes"), second.All);
    }

    [Test]
    public async Task Client_ServerTrustsAnotherCa_IsNotServedByResuming()
    {
        ClientIdentity other = await ClientIdentity.MakeAsync(_folder, "other");
        using ServerPair servers = await ServerPair.StartAsync(
            _folder, [.. _stack, "--client-ca", _client.CaFile], [.. _stack, "--client-ca", other.CaFile]);

        ProcessResult second = await CrossAsync(servers);

        Assert.That(second.Output, Does.Not.Contain("pid: "), second.All);
    }

    /// <summary>A full handshake with the first server, and what the second one says to the session of it.</summary>
    private async Task<ProcessResult> CrossAsync(ServerPair servers, bool firstAsks = true)
    {
        ProcessResult first = await GetAsync(servers.First, "-sess_out", _folder["session"]);
        Assert.That(first.Output, Does.Contain("reused: no").And.Contain($"certificate: {(firstAsks ? "yes" : "no")}"), first.All);
        using (X509Certificate2 certificate = _client.Load())
        {
            await servers.First.WaitUntilWrittenAsync(certificate);
        }

        return await GetAsync(servers.Second, "-sess_in", _folder["session"]);
    }

    private Task<ProcessResult> GetAsync(ServeProcess server, params IEnumerable<string> options) =>
        OpenSslClient.GetAsync(server, [version, .. _client.Options, .. options]);
}
