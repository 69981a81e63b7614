using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// Two nginx with one certificate, the second set up otherwise, or the client: libssl takes up a session of the first on its terms, or
/// ends the handshake, where without us the client is served on the new terms.
/// </summary>
public sealed class OtherTermsTests : AdversaryTests
{
    private const string Aes = "ECDHE-ECDSA-AES256-GCM-SHA384";
    private const string ChaCha = "ECDHE-ECDSA-CHACHA20-POLY1305";

    [TestCase("", "", true, TestName = "Client_OnTheSameTerms_Resumes")]
    [TestCase("ssl_ciphers " + ChaCha + ";", "", false, TestName = "Client_WhereItsSessionsCipherIsNotAllowed_IsServedWithAnother")]
    [TestCase("", "-cipher " + ChaCha, false, TestName = "Client_ThatOffersItsSessionsCipherNoMore_IsServedWithAnother")]
    [TestCase("ssl_conf_command Options -ExtendedMasterSecret;", "", false,
        TestName = "Client_WhereThereIsNoExtendedMasterSecret_IsServedWithout")]
    public async Task Client_WithASessionOfAnotherNode(string directive, string option, bool resumes)
    {
        AdversaryHost.RequireOrIgnore("nginx");
        NativeHost first = await StartAsync("first", "");
        NativeHost second = await StartAsync("second", directive);
        string session = Setup.Folder["client.session"];
        await MakeSessionAsync(first.Port, session, "-tls1_2", "-cipher", Aes);
        Assert.That(await ComesToResumeAsync(first.Port, session, "-tls1_2"), Is.True, "or this proves nothing");
        string[] options = ["-tls1_2", .. option.Split(' ', StringSplitOptions.RemoveEmptyEntries)];
        Assert.That((await Visit.ToAsync(second.Port, options)).IsServed, Is.True, "the control");

        bool hasResumed = await ComesToResumeWithinAFewAsync(second.Port, session, options);
        Assert.That(hasResumed, Is.EqualTo(resumes));
    }

    /// <summary>A site that allows other suites than the default server, where libssl asks for the session.</summary>
    [TestCase("nginx")]
    public async Task Site_WithCiphersOfItsOwn_ResumesItsSessionsAndNoOthers(string kind)
    {
        AdversaryHost.RequireOrIgnore(kind);
        NativeHost strict = await StartAsync("strict", $"ssl_ciphers {ChaCha};", $"ssl_ciphers {Aes};");
        NativeHost wide = await StartAsync("wide", "", "");
        string[] options = ["-tls1_2", "-servername", "site.example"];
        string own = Setup.Folder["own.session"];
        await MakeSessionAsync(strict.Port, own, options);
        Assert.That(await ComesToResumeAsync(strict.Port, own, options), Is.True);

        string other = Setup.Folder["other.session"];
        string[] chaCha = [.. options, "-cipher", $"{ChaCha}:{Aes}"];
        await MakeSessionAsync(wide.Port, other, [.. options, "-cipher", ChaCha]);
        Assert.That(await ComesToResumeAsync(wide.Port, other, chaCha), Is.True, "or this proves nothing");
        Visit[] visits = await OfferAsync(strict.Port, other, chaCha);
        Assert.That(visits.Select(static visit => (visit.IsServed, visit.IsResumed)), Has.All.EqualTo((true, false)));
    }

    private static async Task<bool> ComesToResumeWithinAFewAsync(int port, string session, string[] options)
    {
        foreach (Visit visit in await OfferAsync(port, session, options))
        {
            Assert.That(visit.IsServed, Is.True, visit.All);
            if (visit.IsResumed)
            {
                return true;
            }
        }

        return false;
    }

    private async Task<NativeHost> StartAsync(string name, string directive, string? site = null) =>
        await RunningAsync(AdversaryNginx.StartAsync(Setup, name, port =>
            AdversaryNginx.Server(port, "", Setup.Certificate, Setup.Key, directive)
            + (site is null ? "" : AdversaryNginx.Server(port, "server_name site.example;", Setup.Certificate, Setup.Key, site))));
}
