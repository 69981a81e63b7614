namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Hosts that say in different words whom they let in: a client that both let in goes on with one session.</summary>
public sealed class SameDemandTests : AdversaryTests
{
    private static readonly (string Maker, string MakersWay, string Host, string HostsWay)[] s_pairs =
    [
        ("nginx", "CA file", "haproxy", "CA file"),
        ("haproxy", "CA file", "nginx", "CA file"),
        ("nginx", "CRL", "apache", "CA path"),
        ("apache", "CA file", "nginx", "depth"),
        ("stunnel", "CA path", "stunnel", "CA file"),
        ("stunnel", "CA file", "stunnel", "CA path"),
        ("stunnel", "e-mail", "python", "CRL"),
        ("python", "CA path", "haproxy", "CRL"),
        ("haproxy", "CA files", "c", "CA path"),
        ("c", "CA path", "apache", "CRL"),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from pair in s_pairs
        from version in (string[])["1.2", "1.3"]
        select new TestCaseData(pair.Maker, pair.MakersWay, pair.Host, pair.HostsWay, version);

    /// <summary>Part 1: each host judges for itself, so that CAs, CRLs and parameters are not in the scope of a session.</summary>
    [TestCaseSource(nameof(Cases))]
    public async Task Client_ThatBothHostsLetIn_ResumesThoughTheirDemandsDiffer(
        string maker, string makersWay, string host, string hostsWay, string version)
    {
        AdversaryHost.RequireOrIgnore(maker, host);
        Demands demands = await Demands.MakeAsync(Setup.Folder, "CA file");
        string[] options = ["-tls" + version.Replace('.', '_'), "-noservername", .. demands.Honest.Options];
        AdversaryHost first = await RunningAsync(AdversaryHost.StartAsync(maker, Setup, "first", await demands.SaidAsAsync(makersWay)));
        AdversaryHost second = await RunningAsync(AdversaryHost.StartAsync(host, Setup, "second", await demands.SaidAsAsync(hostsWay)));
        await MakeSessionAsync(first.Port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(first.Port, Setup.Folder["session"], options);

        Assert.That(await ComesToResumeAsync(second.Port, Setup.Folder["session"], options), Is.True, File.ReadAllText(Setup.Log));
    }

    /// <summary>Part 1: what the client sent beside its certificate travels with the session, and it is verified with that.</summary>
    [TestCase("haproxy", "stunnel", "1.2")]
    [TestCase("haproxy", "stunnel", "1.3")]
    [TestCase("nginx", "nginx", "1.2")]
    [TestCase("nginx", "nginx", "1.3")]
    [TestCase("apache", "python", "1.2")]
    [TestCase("python", "apache", "1.3")]
    public async Task Client_WhoseCaTheHostKnowsFromItAlone_Resumes(string maker, string host, string version)
    {
        AdversaryHost.RequireOrIgnore(maker, host);
        Demands demands = await Demands.MakeAsync(Setup.Folder, "depth");
        string[] options = ["-tls" + version.Replace('.', '_'), "-noservername", .. demands.Rogue.Options];
        AdversaryHost first = await RunningAsync(AdversaryHost.StartAsync(maker, Setup, "first", demands.Lax));
        AdversaryHost second = await RunningAsync(AdversaryHost.StartAsync(host, Setup, "second", demands.Lax));
        await MakeSessionAsync(first.Port, Setup.Folder["first.session"], options);
        await MakeSessionAsync(first.Port, Setup.Folder["session"], options);

        Assert.That(await ComesToResumeAsync(second.Port, Setup.Folder["session"], options), Is.True, File.ReadAllText(Setup.Log));
    }

    /// <summary>
    /// Part 2: nobody passes a demand for a certificate with a session that was made without one.
    /// </summary>
    [TestCase("nginx", "haproxy")]
    [TestCase("haproxy", "nginx")]
    [TestCase("stunnel", "python")]
    [TestCase("c", "apache")]
    public async Task Client_WithoutACertificate_IsRefusedWhereOneIsDemanded(string maker, string host)
    {
        AdversaryHost.RequireOrIgnore(maker, host);
        Demands demands = await Demands.MakeAsync(Setup.Folder, "CA file");
        AdversaryHost asksNobody = await RunningAsync(AdversaryHost.StartAsync(maker, Setup, "first"));
        AdversaryHost demanding = await RunningAsync(AdversaryHost.StartAsync(host, Setup, "second", demands.Strict));
        AdversaryHost sibling = await RunningAsync(AdversaryHost.StartAsync(maker, Setup, "third"));
        foreach (string version in (string[])["-tls1_2", "-tls1_3"])
        {
            string session = Setup.Folder["session" + version];
            string[] options = [version, "-noservername"];
            Visit honest = await Visit.ToAsync(demanding.Port, [.. options, .. demands.Honest.Options]);
            Assert.That(honest.IsServed, Is.True, honest.All);
            await MakeSessionAsync(asksNobody.Port, session + "-first", options);
            await MakeSessionAsync(asksNobody.Port, session, options);
            await MakeSessionAsync(asksNobody.Port, session + "-last", options);
            Assert.That(await ComesToResumeAsync(sibling.Port, session + "-last", options), Is.True, "or this proves nothing");

            Visit control = await Visit.ToAsync(demanding.Port, options);
            Visit[] attacks = await OfferAsync(demanding.Port, session, options);

            Assert.That(control.IsServed, Is.False, control.All);
            Assert.That(attacks, Has.All.Property(nameof(Visit.IsServed)).False, attacks[^1].All);
        }
    }
}
