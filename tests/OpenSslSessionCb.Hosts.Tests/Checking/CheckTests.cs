using System.Net;
using System.Net.Sockets;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Checking;

/// <summary>sesscb check, against servers of ours and of others.</summary>
[TestFixture]
[Platform("Linux")]
public sealed class CheckTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Check_ServersThatShare_EveryPairResumes()
    {
        using ServerPair servers = await ServerPair.StartAsync(_folder);

        ProcessResult result = await CheckAsync(servers.First.Address, servers.Second.Address);

        Assert.That(result.Output, Does.EndWith("check: 8 of 8 resumed\n"), result.All);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(
            Row(result, "TLS 1.2", servers.First.Address), Is.EqualTo(new[] { servers.First.Address, "an id", "resumed", "resumed" }));
        Assert.That(
            Row(result, "TLS 1.3", servers.Second.Address), Is.EqualTo(new[] { servers.Second.Address, "an id", "resumed", "resumed" }));
    }

    [Test]
    public async Task Check_ServersThatDoNotShare_SaysSoInWords()
    {
        using ServeProcess first = await ServeProcess.StartAsync();
        using ServeProcess second = await ServeProcess.StartAsync();

        ProcessResult result = await CheckAsync(first.Address, second.Address);

        Assert.That(result.Output, Does.EndWith("check: 4 of 8 resumed\n"), result.All);
        Assert.That(
            Row(result, "TLS 1.2", first.Address), Is.EqualTo(new[] { first.Address, "an id", "resumed", "full: session refused" }));
        Assert.That(
            Row(result, "TLS 1.3", second.Address), Is.EqualTo(new[] { second.Address, "an id", "full: session refused", "resumed" }));
        Assert.That(
            result.Output,
            Does.Contain("Servers resume their own sessions and not each other's: ids need a store, a key ring, a farm and a certificate"));
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_WithAClientCertificate_IsLetInWhereOneIsAskedFor()
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(_folder, "client");
        using ServerPair servers = await ServerPair.StartAsync(_folder, "--client-ca", certificate);

        ProcessResult without = await CheckAsync(servers.First.Address, servers.Second.Address);
        ProcessResult with = await CheckAsync("--cert", certificate, "--key", key, servers.First.Address, servers.Second.Address);

        Assert.That(without.ExitCode, Is.EqualTo(1));
        Assert.That(with.Output, Does.EndWith("check: 8 of 8 resumed\n"), with.All);
    }

    [Test]
    public async Task Check_OpenSslServer_GivesTickets()
    {
        using OpenSslServer server = await OpenSslServer.StartAsync(_folder);

        ProcessResult result = await CheckAsync(server.Address);

        Assert.That(result.Output, Does.EndWith("check: 2 of 2 resumed\n"), result.All);
        Assert.That(Row(result, "TLS 1.2", server.Address), Is.EqualTo(new[] { server.Address, "a ticket", "resumed" }));
        Assert.That(Row(result, "TLS 1.3", server.Address), Is.EqualTo(new[] { server.Address, "a ticket", "resumed" }));
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Check_TicketsOfTwoServers_AreRefusedByTheOther()
    {
        using OpenSslServer server = await OpenSslServer.StartAsync(_folder);
        using OpenSslServer other = await OpenSslServer.StartAsync(_folder);

        ProcessResult result = await CheckAsync(server.Address, other.Address);

        Assert.That(result.Output, Does.EndWith("check: 4 of 8 resumed\n").And.Contain("tickets need ticket keys"), result.All);
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_OneVersionSpoken_TheOtherIsNotHeldAgainstIt()
    {
        using OpenSslServer server = await OpenSslServer.StartAsync(_folder, "-tls1_3");

        ProcessResult result = await CheckAsync(server.Address);

        Assert.That(
            Row(result, "TLS 1.2", server.Address), Is.EqualTo(new[] { server.Address, "version not spoken", "version not spoken" }));
        Assert.That(result.Output, Does.EndWith("check: 1 of 1 resumed\n"), result.All);
        Assert.That(result.ExitCode, Is.Zero);
    }

    [Test]
    public async Task Check_NoSessionGiven_IsTheReason()
    {
        using OpenSslServer server = await OpenSslServer.StartAsync(_folder, "-tls1_3", "-num_tickets", "0");

        ProcessResult result = await CheckAsync(server.Address);

        Assert.That(Row(result, "TLS 1.3", server.Address)[1], Is.EqualTo("no session given"), result.All);
        Assert.That(result.ExitCode, Is.EqualTo(1));
    }

    [Test]
    public async Task Check_Unreachable_OthersAreCheckedStill()
    {
        using ServeProcess server = await ServeProcess.StartAsync();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        string deaf = silent.LocalEndpoint.ToString()!;

        ProcessResult result = await CheckAsync(server.Address, "127.0.0.1:1", deaf, "--timeout", "1");

        Assert.That(Row(result, "TLS 1.3", server.Address)[2..], Is.EqualTo(
            new[] { "resumed", "cannot connect: connection refused", "cannot connect: no answer within 1 s" }), result.All);
        Assert.That(Row(result, "TLS 1.2", deaf)[2], Is.EqualTo("nothing to offer"));
        Assert.That(result.Output, Does.EndWith("check: 2 of 2 resumed; not every server could be connected to\n"));
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((1, "")));
    }

    private static Task<ProcessResult> CheckAsync(params string[] arguments) => SesscbTool.RunAsync(["check", .. arguments]);

    /// <summary>The cells of a version's table that begin with this address.</summary>
    private static string[] Row(ProcessResult result, string version, string address) => result.Output
        .Split('\n')
        .SkipWhile(line => line != version)
        .Where(static line => line.StartsWith('|'))
        .Select(static line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries))
        .First(cells => cells[0] == address);
}
