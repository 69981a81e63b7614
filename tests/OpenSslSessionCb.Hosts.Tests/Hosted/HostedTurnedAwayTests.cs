using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Hosted;

/// <summary>
/// Two processes of .NET's own TLS that share a store, and a client that the second would serve in a full handshake: the session that
/// the first gave it may cost it one connection, and no more. Each test has its control, the same processes without the library.
/// </summary>
/// <remarks>
/// .NET 10 alone resumes a client with an intermediate by its own tickets, cannot build the chain, and turns it away: so in that control
/// the client never comes twice to one server in a row.
/// </remarks>
[TestFixture("sslstream", "-tls1_2")]
[TestFixture("sslstream", "-tls1_3")]
[TestFixture("kestrel", "-tls1_2")]
[TestFixture("kestrel", "-tls1_3")]
[Platform("Linux")]
public sealed class HostedTurnedAwayTests(string stack, string version)
{
    private readonly string[] _stack = ["--stack", stack];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public Task Session_OfACaThatIsNotTrustedHere_CostsOneConnection() => CrossToAnotherCaAsync(isAlone: false, lost: 1);

    [Test]
    public Task Session_OfACaThatIsNotTrustedHere_ServersAlone_CostsNone() => CrossToAnotherCaAsync(isAlone: true, lost: 0);

    [Test]
    public Task Session_OfAClientWithAnIntermediate_IsServedInEveryProcess() =>
        CrossWithIntermediateAsync(isAlone: false, [2, 2, 2, 1, 1, 2]);

    [Test]
    public Task Session_OfAClientWithAnIntermediate_ServersAlone_IsServed() => CrossWithIntermediateAsync(isAlone: true, [2, 1, 2, 1]);

    private async Task CrossToAnotherCaAsync(bool isAlone, int lost)
    {
        ClientIdentity ours = await ClientIdentity.MakeAsync(_folder, "ours");
        ClientIdentity theirs = await ClientIdentity.MakeAsync(_folder, "theirs");
        using ServerPair servers = await StartAsync(isAlone, ours.CaFile, theirs.CaFile);
        await MakeSessionAsync(servers.First, ours, isAlone, ours.Options);

        var visits = new List<ProcessResult>();
        for (int i = 0; i < 4; i++)
        {
            visits.Add(await VisitAsync(servers.Second, theirs, isAlone, theirs.Options));
        }

        AssertServed(visits, lost);
    }

    private async Task CrossWithIntermediateAsync(bool isAlone, int[] way)
    {
        (string root, string rootKey) = await OpenSslClient.MakeCertificateAsync(_folder, "root");
        (string between, string betweenKey) = await OpenSslClient.MakeCertificateAsync(_folder, "between", "-CA", root, "-CAkey", rootKey);
        (string leaf, string leafKey) = await OpenSslClient.MakeCertificateAsync(_folder, "leaf", "-CA", between, "-CAkey", betweenKey);
        (string other, string otherKey) = await OpenSslClient.MakeCertificateAsync(_folder, "other", "-CA", root, "-CAkey", rootKey);

        // Who looks at the statistics hangs by the root itself.
        var observer = new ClientIdentity(root, other, otherKey);
        string[] client = [.. new ClientIdentity(root, leaf, leafKey).Options, "-cert_chain", between];
        using ServerPair servers = await StartAsync(isAlone, root, root);
        await MakeSessionAsync(servers.First, observer, isAlone, client);

        var visits = new List<ProcessResult>();
        foreach (int server in way)
        {
            visits.Add(await VisitAsync(server == 1 ? servers.First : servers.Second, observer, isAlone, client));
        }

        AssertServed(visits, lost: 0);
    }

    private Task<ServerPair> StartAsync(bool isAlone, string firstCa, string secondCa)
    {
        string[] first = [.. _stack, "--client-ca", firstCa];
        string[] second = [.. _stack, "--client-ca", secondCa];
        return isAlone ? ServerPair.StartWithoutCacheAsync(_folder, first, second) : ServerPair.StartAsync(_folder, first, second);
    }

    private async Task MakeSessionAsync(ServeProcess server, ClientIdentity observer, bool isAlone, string[] client)
    {
        ProcessResult made = await OpenSslClient.GetAsync(server, [version, .. client, "-sess_out", _folder["session"]]);
        Assert.That(made.Output, Does.Contain("reused: no").And.Contain("certificate: yes"), made.All);
        await WrittenAsync(server, observer, isAlone);
    }

    /// <summary>The client offers what it was given last, be it on a connection that it lost.</summary>
    private async Task<ProcessResult> VisitAsync(ServeProcess server, ClientIdentity observer, bool isAlone, string[] client)
    {
        ProcessResult visit = await OpenSslClient.GetAsync(
            server, [version, .. client, "-sess_in", _folder["session"], "-sess_out", _folder["next"]]);
        if (File.Exists(_folder["next"]))
        {
            File.Move(_folder["next"], _folder["session"], overwrite: true);
        }

        await WrittenAsync(server, observer, isAlone);
        return visit;
    }

    private static async Task WrittenAsync(ServeProcess server, ClientIdentity observer, bool isAlone)
    {
        if (isAlone)
        {
            return;
        }

        using X509Certificate2 certificate = observer.Load();
        await server.WaitUntilWrittenAsync(certificate);
    }

    private static void AssertServed(List<ProcessResult> visits, int lost)
    {
        string[] said =
        [
            .. visits.Select(static visit => !visit.Output.Contains("pid: ", StringComparison.Ordinal) ? "turned away"
                : visit.Output.Contains("reused: yes", StringComparison.Ordinal) ? "resumed" : "full"),
        ];
        Assert.That(said.Count(static what => what == "turned away"), Is.LessThanOrEqualTo(lost), string.Join(", ", said));
        Assert.That(said.Skip(lost), Has.None.EqualTo("turned away"), string.Join(", ", said));
        Assert.That(visits.Skip(lost).Select(static visit => visit.Output), Has.All.Contains("certificate: yes"));
    }
}
