namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// DelayCertificate: the client is asked for its certificate when the handshake is long done. TLS 1.3 then gives out tickets anew, whose
/// session has the certificate; TLS 1.2 makes a new handshake inside the old one.
/// </summary>
[TestFixture("kestrel", "1.2")]
[TestFixture("kestrel", "1.3")]
[TestFixture("sslstream", "1.2")]
[TestFixture("sslstream", "1.3")]
public sealed class DelayedCertificateTests(string stack, string version) : AdversaryTests(stack, version)
{
    [Test]
    public Task Session_MadeWithADelayedCertificate_WhereNobodyIsAsked_IsNobody() => FromDelayToNoneAsync(Ours, isAlone: false);

    [Test]
    public Task Session_MadeWithADelayedCertificate_WhereNobodyIsAsked_ServersAlone_IsNobody() => FromDelayToNoneAsync(Ours, isAlone: true);

    /// <summary>There, the certificate would be judged by the machine's CAs, and the client turned away.</summary>
    [Test]
    public Task Session_MadeWithADelayedCertificate_WhereNobodyIsAskedAndItsCaIsUnknown_IsNobody() =>
        FromDelayToNoneAsync(trustOfTheSecond: null, isAlone: false);

    [Test]
    public async Task Session_MadeWithADelayedCertificate_OtherDelayingServerTrustsAnotherCa_CostsNoConnection()
    {
        string[] alice = [.. Ours.Issue("alice"), "-enable_pha"];
        string[] bob = [.. Theirs.Issue("bob"), "-enable_pha"];
        await using Servers servers = await StartAsync(Delay(Ours), Delay(Theirs));
        Visit made = await Client.VisitAsync(servers.First, alice);
        Assert.That(made.Who, Is.EqualTo("CN=alice"), made.Output);
        await servers.WrittenAsync();

        Visit second = await Client.VisitAsync(servers.Second, bob);

        Assert.That(second.Who, Is.EqualTo("CN=bob"), second.ToString());
    }

    [Test]
    public async Task Session_MadeWithADelayedCertificate_WhereItIsDemanded_IsServed()
    {
        string[] alice = [.. Ours.Issue("alice"), "-enable_pha"];
        await using Servers servers = await StartAsync(Delay(Ours), Require(Ours));
        await Client.VisitAsync(servers.First, alice);
        await servers.WrittenAsync();

        Visit[] visits = [await Client.VisitAsync(servers.Second, alice), await Client.VisitAsync(servers.Second, alice)];

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("CN=alice"), string.Join("; ", visits.AsEnumerable()));
    }

    private async Task FromDelayToNoneAsync(ClientAuthority? trustOfTheSecond, bool isAlone)
    {
        string[] alice = [.. Ours.Issue("alice"), "-enable_pha"];
        await using Servers servers = await StartAsync(Delay(Ours), NoCertificate(trustOfTheSecond), isAlone);
        Visit made = await Client.VisitAsync(servers.First, alice);
        Assert.That(made.Who, Is.EqualTo("CN=alice"), made.Output);
        await servers.WrittenAsync();

        Visit[] visits = [await Client.VisitAsync(servers.Second, alice), await Client.VisitAsync(servers.Second, alice)];

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("nobody"), string.Join("; ", visits.AsEnumerable()));
    }
}
