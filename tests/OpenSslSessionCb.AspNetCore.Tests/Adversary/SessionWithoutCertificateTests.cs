namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// A client without a certificate was served where one is allowed; now it has one, and goes where one is demanded. libssl is told the same
/// by both.
/// </summary>
[TestFixture("kestrel", "1.2")]
[TestFixture("kestrel", "1.3")]
[TestFixture("sslstream", "1.2")]
[TestFixture("sslstream", "1.3")]
public sealed class SessionWithoutCertificateTests(string stack, string version) : AdversaryTests(stack, version)
{
    [Test]
    public Task Session_MadeWithoutCertificate_ClientHasOneNow_IsServedWhereItIsDemanded() => FromAllowToRequireAsync(isAlone: false);

    [Test]
    public Task Session_MadeWithoutCertificate_ClientHasOneNow_ServersAlone_IsServed() => FromAllowToRequireAsync(isAlone: true);

    [Test]
    public async Task Session_MadeWithoutCertificate_ClientHasNoneStill_IsTurnedAwayWhereItIsDemanded()
    {
        await using Servers servers = await StartAsync(Allow(Ours), Require(Ours));
        await Client.VisitAsync(servers.First);
        await servers.WrittenAsync();

        Visit refused = await Client.VisitAsync(servers.Second);

        Assert.That(refused.IsServed, Is.False, refused.ToString());
    }

    /// <summary>What the other tests of this folder rest on: sessions do go from the one server to the other.</summary>
    [Test]
    public async Task Session_MadeWithCertificate_ResumesAtTheOtherServer()
    {
        string[] alice = Ours.Issue("alice");
        await using Servers servers = await StartAsync(Require(Ours), Require(Ours));
        await Client.VisitAsync(servers.First, alice);
        await servers.WrittenAsync();

        Visit second = await Client.VisitAsync(servers.Second, alice);

        Assert.That((second.IsResumed, second.Who), Is.EqualTo((true, "CN=alice")));
    }

    [Test]
    public async Task Session_MadeWithCertificate_ServersAlone_DoesNotResumeAtTheOther()
    {
        string[] alice = Ours.Issue("alice");
        await using Servers servers = await StartAsync(Require(Ours), Require(Ours), isAlone: true);
        await Client.VisitAsync(servers.First, alice);

        Visit second = await Client.VisitAsync(servers.Second, alice);

        Assert.That((second.IsResumed, second.Who), Is.EqualTo((false, "CN=alice")));
    }

    private async Task FromAllowToRequireAsync(bool isAlone)
    {
        string[] alice = Ours.Issue("alice");
        await using Servers servers = await StartAsync(Allow(Ours), Require(Ours), isAlone);
        Visit made = await Client.VisitAsync(servers.First);
        Assert.That(made.Who, Is.EqualTo("nobody"), made.Output);
        await servers.WrittenAsync();

        Visit[] visits = [await Client.VisitAsync(servers.Second, alice), await Client.VisitAsync(servers.Second, alice)];

        Assert.That(visits.Select(static visit => visit.Who), Is.All.EqualTo("CN=alice"), string.Join("; ", visits.AsEnumerable()));
    }
}
