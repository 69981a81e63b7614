namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// A client whose certificate hangs by an intermediate one, which it sends. A session keeps the leaf and not the chain: .NET, which judges
/// again, must be able to build it, or the handshake is to be a full one.
/// </summary>
/// <remarks>
/// .NET 10 alone resumes such a client by its own tickets, which have no chain either, and turns it away: at the server that it comes from,
/// every other connection is lost. So in the control the client never comes twice to one server in a row.
/// </remarks>
[TestFixture("kestrel", "1.2")]
[TestFixture("kestrel", "1.3")]
[TestFixture("sslstream", "1.2")]
[TestFixture("sslstream", "1.3")]
public sealed class IntermediateTests(string stack, string version) : AdversaryTests(stack, version)
{
    [Test]
    public Task Client_SendsItsIntermediate_IsServedByBothServers() => VisitAsync(isAlone: false, [1, 2, 2, 1, 1, 2]);

    [Test]
    public Task Client_SendsItsIntermediate_ServersAlone_IsServedByBoth() => VisitAsync(isAlone: true, [1, 2, 1, 2]);

    /// <summary>A client that was let in by its chain and comes without it is let in by nobody.</summary>
    [Test]
    public async Task Client_SendsItsIntermediateNoMore_OffersNoSession_IsTurnedAway()
    {
        string[] carol = Ours.IssueByIntermediate("carol");
        var other = new Visitor(Folder, "other", Version);
        await using Servers servers = await StartAsync(Require(Ours), Require(Ours));

        Visit whole = await Client.VisitAsync(servers.First, carol);
        Visit bare = await other.VisitAsync(servers.First, carol.SkipLast(2));

        Assert.That((bare.IsServed, whole.Who), Is.EqualTo((false, "CN=carol")));
    }

    /// <summary>It goes from one server to the other, and offers what it was given last.</summary>
    private async Task VisitAsync(bool isAlone, int[] way)
    {
        string[] carol = Ours.IssueByIntermediate("carol");
        await using Servers servers = await StartAsync(Require(Ours), Require(Ours), isAlone);

        var visits = new List<Visit>();
        foreach (int server in way)
        {
            visits.Add(await Client.VisitAsync(server == 1 ? servers.First : servers.Second, carol));
            await servers.WrittenAsync();
        }

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("CN=carol"), string.Join("; ", visits));
    }
}
