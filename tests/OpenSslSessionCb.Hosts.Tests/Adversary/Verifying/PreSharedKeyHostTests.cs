using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Whom a host lets in by a pre-shared key (stunnel's PSKsecrets): nobody but the host could judge such a client again.</summary>
public sealed class PreSharedKeyHostTests : AdversaryTests
{
    private const string Alice = "00112233445566778899aabbccddeeff";
    private const string Bob = "ffeeddccbbaa99887766554433221100";

    /// <summary>Part 1 of issue 9: her session of a server that knows her is of no use at one that does not.</summary>
    [Test]
    public async Task Client_WhoseKeyIsKnownElsewhere_IsNotLetIn([Values("1.2", "1.3")] string version)
    {
        AdversaryHost.RequireOrIgnore("stunnel");
        string[] alice = OptionsOf("alice", Alice, version);
        string[] bob = OptionsOf("bob", Bob, version);
        NativeHost first = await StartAsync("first", $"alice:{Alice}\nbob:{Bob}\n");
        NativeHost second = await StartAsync("second", $"bob:{Bob}\n");
        Assert.That((await Visit.ToAsync(second.Port, bob)).IsServed, Is.True, "or this proves nothing");
        Assert.That((await Visit.ToAsync(second.Port, alice)).IsServed, Is.False, "the control");

        string session = Setup.Folder["alice.session"];
        Visit made = await Visit.ToAsync(first.Port, [.. alice, "-sess_out", session]);
        Assert.That(made.IsServed, Is.True, made.All);
        Assert.That(session, Does.Exist, made.All);
        Visit[] visits = [.. await OfferAsync(second.Port, session, alice), .. await OfferAsync(second.Port, session, OptionsOf(version))];
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).False, "alice has got through: " + visits[^1].All);
    }

    /// <summary>A server that lets in by keys alone, with the certificate of another that lets in everybody.</summary>
    [Test]
    public async Task Anybody_WithASessionOfAnOpenServer_IsNotLetInWhereAKeyIsAskedFor()
    {
        AdversaryHost.RequireOrIgnore("stunnel", "nginx");
        AdversaryHost open = await RunningAsync(AdversaryHost.StartAsync("nginx", Setup, "open"));
        NativeHost closed = await StartAsync("closed", $"bob:{Bob}\n", "sslVersionMax = TLSv1.2", hasCertificate: true);
        Assert.That((await Visit.ToAsync(closed.Port, OptionsOf("bob", Bob, "1.2"))).IsServed, Is.True, "or this proves nothing");
        string[] anybody = ["-tls1_2", "-noservername"];
        Assert.That((await Visit.ToAsync(closed.Port, anybody)).IsServed, Is.False, "the control");

        string session = Setup.Folder["open.session"];
        await MakeSessionAsync(open.Port, session, anybody);
        Assert.That(await ComesToResumeAsync(open.Port, session, anybody), Is.True, "or this proves nothing");
        Assert.That(await OfferAsync(closed.Port, session, anybody), Has.All.Property(nameof(Visit.IsServed)).False);
    }

    private static string[] OptionsOf(string name, string key, string version) =>
        [.. OptionsOf(version), "-psk_identity", name, "-psk", key];

    private static string[] OptionsOf(string version) => ["-tls" + version.Replace('.', '_'), "-noservername"];

    /// <summary>Without a certificate unless it stops at TLS 1.2: TLS 1.3 would let in anybody by it.</summary>
    private async Task<NativeHost> StartAsync(string name, string keys, string options = "", bool hasCertificate = false)
    {
        string file = Setup.Folder.Write(name + ".keys", keys);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return await RunningAsync(StunnelHost.StartAsync(Setup, name,
            $"{options}\nPSKsecrets = {file}\nciphers = PSK", AdversaryHost.Page, hasCertificate));
    }
}
