namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// A client with certificates of two CAs, and two servers that trust one CA each. .NET judges it after the handshake, resumed or not,
/// where this library cannot see how: so one connection may be lost, and no more.
/// </summary>
[TestFixture("kestrel", "1.2")]
[TestFixture("kestrel", "1.3")]
[TestFixture("sslstream", "1.2")]
[TestFixture("sslstream", "1.3")]
public sealed class OtherAuthorityTests(string stack, string version) : AdversaryTests(stack, version)
{
    [Test]
    public Task Session_OfACaThatIsNotTrustedHere_CostsOneConnection() => FromOursToTheirsAsync(isAlone: false, lost: 1);

    [Test]
    public Task Session_OfACaThatIsNotTrustedHere_ServersAlone_CostsNone() => FromOursToTheirsAsync(isAlone: true, lost: 0);

    [Test]
    public async Task Session_OfACaThatIsNotTrustedHere_OfferedAgainAndAgain_CostsOneConnection()
    {
        string[] alice = Ours.Issue("alice");
        string[] bob = Theirs.Issue("bob");
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs));
        await Client.VisitAsync(servers.First, alice);
        await servers.WrittenAsync();

        var visits = new List<Visit>();
        for (int i = 0; i < 3; i++)
        {
            visits.Add(await Client.VisitWithThisSessionAsync(servers.Second, bob));
            await servers.WrittenAsync();
        }

        Assert.That(visits.Count(static visit => !visit.IsServed), Is.LessThanOrEqualTo(1), string.Join("; ", visits));
        Assert.That(visits[^1].Who, Is.EqualTo("CN=bob"));
    }

    /// <summary>Without its session a client of another CA is turned away, and with it, too.</summary>
    [Test]
    public async Task Session_OfACaThatIsNotTrustedHere_NoOtherCertificate_IsNeverServed()
    {
        string[] alice = Ours.Issue("alice");
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs));
        await Client.VisitAsync(servers.First, alice);
        await servers.WrittenAsync();

        for (int i = 0; i < 3; i++)
        {
            Visit visit = await Client.VisitAsync(servers.Second, alice);
            await servers.WrittenAsync();
            Assert.That(visit.IsServed, Is.False, visit.ToString());
        }
    }

    /// <summary>
    /// Before TLS 1.3 has a client's certificate judged, .NET has given out a ticket: what is made with a client that is then turned
    /// away is not kept, or goes with it.
    /// </summary>
    [Test]
    public async Task Session_MadeWithAClientThatWasTurnedAway_DoesNotResume()
    {
        string[] alice = Ours.Issue("alice");
        string[] bob = Theirs.Issue("bob");
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs));
        Visit refused = await Client.VisitAsync(servers.Second, alice);
        Assert.That(refused.IsServed, Is.False, refused.Output);
        await servers.WrittenAsync();

        Visit[] visits = [await Client.VisitAsync(servers.Second, bob), await Client.VisitAsync(servers.Second, bob)];

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("CN=bob"), string.Join("; ", visits.AsEnumerable()));
        Assert.That(visits[0].IsResumed, Is.False);
    }

    /// <summary>
    /// What a full handshake gives. .NET alone would go on with the session, and turn the client away again and again: it has given out
    /// the ticket, and takes it.
    /// </summary>
    [Test]
    public async Task Session_MadeWithAClientThatWasTurnedAway_ServersAlone_WithoutItIsServed()
    {
        string[] alice = Ours.Issue("alice");
        string[] bob = Theirs.Issue("bob");
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs), isAlone: true);
        await new Visitor(Folder, "other", Version).VisitAsync(servers.Second, alice);

        Visit[] visits = [await Client.VisitAsync(servers.Second, bob), await Client.VisitAsync(servers.Second, bob)];

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("CN=bob"), string.Join("; ", visits.AsEnumerable()));
    }

    /// <summary>Another client's sessions stay.</summary>
    [Test]
    public async Task Session_OfAClientThatIsWelcome_SurvivesThatAnotherWasTurnedAway()
    {
        string[] alice = Ours.Issue("alice");
        string[] bob = Theirs.Issue("bob");
        var other = new Visitor(Folder, "other", Version);
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs));
        await other.VisitAsync(servers.Second, bob);
        await Client.VisitAsync(servers.First, alice);
        await servers.WrittenAsync();
        await Client.VisitAsync(servers.Second, alice);
        await servers.WrittenAsync();

        Visit again = await other.VisitAsync(servers.Second, bob);

        Assert.That((again.IsResumed, again.Who), Is.EqualTo((true, "CN=bob")));
    }

    /// <summary>Offering what it was given last, as clients do: in TLS 1.3 that may come from the connection that was lost.</summary>
    private async Task FromOursToTheirsAsync(bool isAlone, int lost)
    {
        string[] alice = Ours.Issue("alice");
        string[] bob = Theirs.Issue("bob");
        await using Servers servers = await StartAsync(Require(Ours), Require(Theirs), isAlone);
        Visit made = await Client.VisitAsync(servers.First, alice);
        Assert.That(made.Who, Is.EqualTo("CN=alice"), made.Output);
        await servers.WrittenAsync();

        var visits = new List<Visit>();
        for (int i = 0; i < 4; i++)
        {
            visits.Add(await Client.VisitAsync(servers.Second, bob));
            await servers.WrittenAsync();
        }

        Assert.That(visits.Count(static visit => !visit.IsServed), Is.LessThanOrEqualTo(lost), string.Join("; ", visits));
        Assert.That(visits.Skip(lost).Select(static visit => visit.Who), Is.All.EqualTo("CN=bob"), string.Join("; ", visits));
    }
}
