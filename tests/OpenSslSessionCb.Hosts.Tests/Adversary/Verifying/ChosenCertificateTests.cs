using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>nginx, whose certificate is a variable: it is chosen in each connection, after libssl has looked for the session.</summary>
/// <remarks>Guarded by part 3 of issue 9: a session belongs to the certificate that was shown when it was made.</remarks>
[TestFixture("-tls1_2")]
[TestFixture("-tls1_3")]
public sealed class ChosenCertificateTests(string version) : AdversaryTests
{
    private string[] _options = [];

    [SetUp]
    public async Task MakeCertificates()
    {
        AdversaryHost.RequireOrIgnore("nginx");
        _options = [version, "-servername", "site.example"];
        foreach (string name in (string[])["one", "two"])
        {
            HostSite site = await Setup.MakeSiteAsync(name);

            // The worker reads it, as its own user.
            File.SetUnixFileMode(site.Key, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }
    }

    /// <summary>Part 3. The control: by itself no nginx takes up a session that was made under another certificate.</summary>
    [TestCase(true, true)]
    [TestCase(false, true)]
    [TestCase(true, false)]
    public async Task Session_OfAServerWithAnotherCertificate_IsNotResumed(bool isMakersChosen, bool isHostsChosen)
    {
        NativeHost maker = await StartAsync("maker", "one", isMakersChosen);
        NativeHost host = await StartAsync("host", "two", isHostsChosen);
        await MakeSessionAsync(host.Port, Setup.Folder["its.first"], _options);
        await MakeSessionAsync(host.Port, Setup.Folder["its.session"], _options);
        await MakeSessionAsync(maker.Port, Setup.Folder["first"], _options);
        await MakeSessionAsync(maker.Port, Setup.Folder["session"], _options);
        await MakeSessionAsync(maker.Port, Setup.Folder["proof"], _options);
        NativeHost sibling = await StartAsync("sibling", "one", isMakersChosen);

        bool crosses = await ComesToResumeAsync(sibling.Port, Setup.Folder["proof"], _options);
        bool isItsOwnResumed = await ComesToResumeAsync(host.Port, Setup.Folder["its.session"], _options);
        Visit[] attacks = await OfferAsync(host.Port, Setup.Folder["session"], _options);

        using (Assert.EnterMultipleScope())
        {
            Assert.That(attacks, Has.All.Property(nameof(Visit.IsServed)).True, attacks[^1].All);
            Assert.That(attacks, Has.All.Property(nameof(Visit.IsResumed)).False, attacks[0].All);
            Assert.That(attacks[^1].All, Does.Contain("subject=CN = two"), "or this proves nothing");
            Assert.That(isItsOwnResumed, Is.True, "its own session");
            Assert.That(crosses, Is.True, "between two servers with the same certificate, chosen in the same way");
        }
    }

    /// <summary>Part 3: once a connection has shown where the name leads.</summary>
    [TestCase(true, false)]
    [TestCase(false, true)]
    [TestCase(true, true)]
    public async Task Session_OfAServerWithTheSameCertificateOtherwiseChosen_Resumes(bool isMakersChosen, bool isHostsChosen)
    {
        NativeHost maker = await StartAsync("maker", "one", isMakersChosen);
        NativeHost host = await StartAsync("host", "one", isHostsChosen);
        await MakeSessionAsync(maker.Port, Setup.Folder["first"], _options);
        await MakeSessionAsync(maker.Port, Setup.Folder["session"], _options);

        Assert.That(await ComesToResumeAsync(host.Port, Setup.Folder["session"], _options), Is.True, File.ReadAllText(Setup.Log));
    }

    private Task<NativeHost> StartAsync(string name, string certificate, bool isChosen)
    {
        string file = Setup.Folder[isChosen ? "$chosen" : certificate];
        return RunningAsync(AdversaryNginx.StartAsync(Setup, name, port =>
            $"map $ssl_server_name $chosen {{ default {certificate}; }}\n"
            + AdversaryNginx.Server(port, "", file + ".crt", file + ".key")));
    }
}
