using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// HAProxy's verify callback notes on the connection that it was called. A site that lets everybody shake hands, and serves those who have
/// shown a good certificate, looks at that note.
/// </summary>
public sealed class NotingCallbackTests : AdversaryTests
{
    private const string Welcome = "served by 1";

    [Test]
    public async Task Client_WithoutACertificate_IsNotTakenForOneWithByASessionThatIsPassedOver(
        [Values("1.2", "1.3")] string version, [Values] bool isPreloaded)
    {
        AdversaryHost.RequireOrIgnore("haproxy");
        HostSetup setup = Setup.With(isPreloaded: isPreloaded);
        var authority = ClientAuthority.Make(Setup.Folder, "ours");
        string[] protocol = ["-tls" + version.Replace('.', '_'), "-noservername"];
        string[] good = [.. protocol, .. authority.Issue("good").Options];
        string[] bad = [.. protocol, .. ClientAuthority.Make(Setup.Folder, "other").Issue("bad").Options];
        NativeHost host = await RunningAsync(StartAsync(setup, "first", authority.File));
        NativeHost other = await RunningAsync(StartAsync(setup, "second", authority.File));
        foreach (NativeHost each in (NativeHost[])[host, other])
        {
            Visit welcome = await Visit.ToAsync(each.Port, [.. good, "-sess_out", Setup.Folder["good.session"]]);
            Assert.That(welcome.All, Does.Contain(Welcome), "or this proves nothing");
            await AssertDeniedAsync(each.Port, [.. bad, "-sess_out", Setup.Folder["bad.session"]]);
            await AssertDeniedAsync(each.Port, protocol);
        }

        foreach (NativeHost each in (NativeHost[])[host, other])
        {
            await AssertDeniedAsync(each.Port, [.. protocol, "-sess_in", Setup.Folder["bad.session"]]);
            foreach (string session in (string[])["good.session", "bad.session"])
            {
                ProcessResult forged = await ChildProcess.RunAsync(
                    await SmallPrograms.FindAsync("clients/forging"), [$"{each.Port}", Setup.Folder[session]]);
                Assert.That(forged.Output, Does.Not.Contain(Welcome), session);
            }
        }
    }

    private static async Task AssertDeniedAsync(int port, params string[] options)
    {
        Visit visit = await Visit.ToAsync(port, options);
        Assert.That(visit.All, Does.Contain("denied").And.Not.Contain(Welcome), string.Join(' ', options));
    }

    private static Task<NativeHost> StartAsync(HostSetup setup, string name, string authority) =>
        NativeHost.StartAsync("/usr/sbin/haproxy",
            port => ["-db", "-f", setup.Folder.Write(name + ".cfg", Configuration(setup, name, authority, port))], setup.Preloaded);

    private static string Configuration(HostSetup setup, string name, string authority, int port)
    {
        string both = setup.Folder.Write(name + ".pem", File.ReadAllText(setup.Key) + File.ReadAllText(setup.Certificate));
        const string Answer = "http-request return status 200 content-type text/plain string";
        return $$"""
            global
                nbthread 1
            defaults
                mode http
                timeout connect 5s
                timeout client 10s
                timeout server 10s
            frontend tls
                bind 127.0.0.1:{{port}} ssl crt {{both}} ca-file {{authority}} verify optional ca-ignore-err all crt-ignore-err all
                {{Answer}} "denied\n" if ! { ssl_fc_has_crt } or ! { ssl_c_verify 0 }
                {{Answer}} "{{Welcome}}\n"

            """;
    }
}
