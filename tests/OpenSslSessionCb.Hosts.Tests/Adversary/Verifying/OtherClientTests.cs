namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// A client that a server refuses brings a session from the neighbour, of the same certificate, farm and store, that has let it in.
/// </summary>
/// <remarks>Guarded by part 1 of issue 9: libssl does not verify on resumption, so the library verifies again.</remarks>
public sealed class OtherClientTests : AdversaryTests
{
    private static readonly (string Host, string[] Methods)[] s_methods =
    [
        ("nginx", ["CA file", "CRL", "depth"]),
        ("haproxy", ["CA file", "CRL"]),
        ("stunnel", ["CA file", "CA path", "CRL", "e-mail", "host name"]),
        ("apache", ["CA file", "CA path", "CRL", "depth"]),
        ("python", ["CA file", "CA path", "CRL"]),
        ("c", ["CA path", "CA store", "CRL", "e-mail", "host name", "depth", "time", "connection's e-mail"]),
    ];

    private static IEnumerable<TestCaseData> Cases =>
        from kind in s_methods
        from method in kind.Methods
        from version in (string[])["1.2", "1.3"]
        select new TestCaseData(kind.Host, method, version);

    /// <summary>Part 1. The honest client is the proof that the two hosts do share: its session is the younger one.</summary>
    [TestCaseSource(nameof(Cases))]
    public async Task Client_WithASessionOfTheNeighbour_IsRefusedWhereAFullHandshakeRefusesIt(string kind, string method, string version)
    {
        Parties parties = await StartAsync(kind, method, version);
        await parties.MakeSessionsAsync();
        bool crosses = await ComesToResumeAsync(parties.Strict.Port, parties.HonestSession, parties.Honest);

        Visit[] attacks = await OfferAsync(parties.Strict.Port, parties.RogueSession, parties.Rogue);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(attacks, Has.All.Property(nameof(Visit.IsServed)).False, "the rogue client has got in: " + attacks[^1].All);
            Assert.That(crosses, Is.True, "the honest client's session, which both hosts would grant it, resumes");
            await parties.AssertFullHandshakesAreAsAloneAsync();
        }
    }

    /// <summary>
    /// Part 1. A callback in the place of the whole verification has no getter, and a verify callback may expect more than there is when
    /// libssl asks for a session (this one ends the process without an SSL_SESSION): nobody is asked, and there are full handshakes.
    /// </summary>
    [Test]
    public async Task Client_WhereTheHostVerifiesInItsOwnWay_IsRefusedAndTheHonestOneIsServed(
        [Values("verifier", "verify callback")] string method, [Values("1.2", "1.3")] string version)
    {
        Parties parties = await StartAsync("c", method, version);
        await parties.MakeSessionsAsync();

        // Served each time, resumed or not.
        await ComesToResumeAsync(parties.Strict.Port, parties.HonestSession, parties.Honest);
        Visit[] attacks = await OfferAsync(parties.Strict.Port, parties.RogueSession, parties.Rogue);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(attacks, Has.All.Property(nameof(Visit.IsServed)).False, "the rogue client has got in: " + attacks[^1].All);
            await parties.AssertFullHandshakesAreAsAloneAsync();
        }
    }

    private async Task<Parties> StartAsync(string kind, string method, string version)
    {
        AdversaryHost.RequireOrIgnore(kind);
        Demands demands = await Demands.MakeAsync(Setup.Folder, method);

        // The control has nothing of ours.
        using (AdversaryHost alone = await AdversaryHost.StartAsync(kind, Setup.With(isPreloaded: false), "alone", demands.Strict))
        {
            await Parties.AssertAnswersAsync(alone.Port, demands, version, "alone");
        }

        AdversaryHost lax = await RunningAsync(AdversaryHost.StartAsync(kind, Setup, "lax", demands.Lax));
        AdversaryHost strict = await RunningAsync(AdversaryHost.StartAsync(kind, Setup, "strict", demands.Strict));
        return new Parties(demands, lax, strict, version, Setup.Folder);
    }

    private sealed record Parties(Demands Demands, AdversaryHost Lax, AdversaryHost Strict, string Version, TemporaryFolder Folder)
    {
        internal string[] Honest => OptionsOf(Demands.Honest, Version);

        internal string[] Rogue => OptionsOf(Demands.Rogue, Version);

        internal string HonestSession => Folder["honest.session"];

        internal string RogueSession => Folder["rogue.session"];

        /// <summary>Both where both are let in; the rogue's first, so that it is in the store when the other is.</summary>
        internal async Task MakeSessionsAsync()
        {
            // The process starts with its first handshake.
            await MakeSessionAsync(Lax.Port, Folder["first.session"], Honest);
            await MakeSessionAsync(Lax.Port, RogueSession, Rogue);
            await MakeSessionAsync(Lax.Port, HonestSession, Honest);
        }

        internal Task AssertFullHandshakesAreAsAloneAsync() => AssertAnswersAsync(Strict.Port, Demands, Version, "with us");

        internal static async Task AssertAnswersAsync(int port, Demands demands, string version, string how)
        {
            Visit rogue = await Visit.ToAsync(port, OptionsOf(demands.Rogue, version));
            Assert.That(rogue.IsServed, Is.False, $"{how}, the rogue client in a full handshake: {rogue.All}");
            Visit honest = await Visit.ToAsync(port, OptionsOf(demands.Honest, version));
            Assert.That(honest.IsServed, Is.True, $"{how}, the honest client in a full handshake: {honest.All}");
        }

        private static string[] OptionsOf(AdversaryClient client, string version) =>
            ["-tls" + version.Replace('.', '_'), "-noservername", .. client.Options];
    }
}
