using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// Unmodified servers of six kinds, a program in C, and Kestrel: each resumes the sessions of each other one, on TLS 1.2 and 1.3.
/// </summary>
[Platform("Linux")]
public sealed class HostMatrixTests
{
    private const int WarmUpConnections = 100;
    private const int MostChecks = 5;

    private readonly List<IDisposable> _running = [];
    private HostSetup _setup = null!;

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore(HostKind.Programs);
        _setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void StopAll()
    {
        _running.ForEach(static running => running.Dispose());
        _running.Clear();
        _setup?.Dispose();
    }

    [Test]
    public async Task Sessions_OfEveryHost_ResumeOnEveryOther()
    {
        string[] addresses = await StartAllAsync(_setup);
        await WarmUpAsync();
        ServeProcess kestrel = await ServeProcess.StartAsync(
        [
            "--stack", "kestrel", "--store", _setup.Store, "--key-file", _setup.KeyFile, "--farm", HostSetup.Farm,
            "--cert", _setup.Certificate, "--key", _setup.Key, "--lookup-deadline", "500",
        ]);
        _running.Add(kestrel);
        NativeHost example = await ExampleHost.StartAsync(_setup);
        _running.Add(example);

        int pairs = (addresses.Length + 2) * (addresses.Length + 2) * 2;
        ProcessResult check = await CheckAsync(pairs, [.. addresses, example.Address, kestrel.Address]);
        await TestContext.Out.WriteLineAsync(check.Output);
        Assert.That(check.Output, Does.EndWith($"check: {pairs} of {pairs} resumed\n"), check.All + File.ReadAllText(_setup.Log));
        Assert.That(
            File.ReadAllLines(_setup.Log).Where(static line => !line.Contains("The store is slow to open", StringComparison.Ordinal)),
            Is.Not.Empty.And.All.Contain("TLS sessions are shared by way of sqlite:"));
    }

    [Test]
    public async Task Sessions_WithClientCertificates_ResumeOnEveryOther()
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(_setup.Folder, "client");
        HostSetup mutual = _setup.With(clientCa: certificate);
        string[] addresses = await StartAllAsync(mutual);

        await WarmUpAsync("", certificate, key);
        int pairs = addresses.Length * addresses.Length * 2;
        ProcessResult check = await CheckAsync(pairs, ["--cert", certificate, "--key", key, .. addresses]);
        await TestContext.Out.WriteLineAsync(check.Output);

        // Each asks for it in its own words: nginx lets a client without one shake hands, and turns it away in HTTP.
        Assert.That(check.Output, Does.EndWith($"check: {pairs} of {pairs} resumed\n"), check.All + File.ReadAllText(_setup.Log));
    }

    /// <summary>
    /// What the page says of the client, on a connection that resumes a session of another process, is what it says on a full one.
    /// </summary>
    [TestCase("nginx", "nginx", "client SUCCESS CN=client")]
    [TestCase("stunnel", "haproxy", "client 0 /CN=client")]
    [TestCase("python", "apache-event", "client SUCCESS CN=client")]
    [TestCase("haproxy", "apache-prefork", "client SUCCESS CN=client")]
    [TestCase("apache-event", "python", "client ((('commonName', 'client'),),)")]
    public async Task ClientCertificate_OfAResumedConnection_IsSeenByTheHost(string maker, string host, string page)
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(_setup.Folder, "client");
        HostSetup mutual = _setup.With(clientCa: certificate);
        NativeHost first = await HostKind.Of(maker).StartAsync(mutual);
        _running.Add(first);
        NativeHost second = await (maker == host ? NginxHost.StartAsync(mutual, "second") : HostKind.Of(host).StartAsync(mutual));
        _running.Add(second);
        await WarmUpAsync("", certificate, key);
        foreach (string version in new[] { "-tls1_2", "-tls1_3" })
        {
            string[] options = [version, "-noservername", "-cert", certificate, "-key", key];
            string session = _setup.Folder["session" + version];
            string made = await PageAsync(first, [.. options, "-sess_out", session]);
            Assert.That(made, Does.Contain("New, TLSv"));
            string resumed = "";
            await Eventually.IsTrueAsync(
                async () => (resumed = await PageAsync(second, [.. options, "-sess_in", session]))
                    .Contains("Reused, TLSv", StringComparison.Ordinal),
                "it is written, and resumes");
            Assert.That(resumed, Does.Contain(page));
        }
    }

    [Test]
    public async Task Sessions_OfSitesWithCertificatesOfTheirOwn_ResumeOnTheSameSiteOfEveryHost()
    {
        HostSite[] sites = [await _setup.MakeSiteAsync("one.example"), await _setup.MakeSiteAsync("two.example")];

        // HAProxy switches contexts in its ClientHello callback, nginx and stunnel in that of the server name, Apache in both.
        string[] addresses = await StartAllAsync(_setup.With(sites: sites), HostKind.All.Where(static kind => kind.Name != "python"));
        foreach (HostSite site in sites)
        {
            await WarmUpAsync(site.Name);
            int pairs = addresses.Length * addresses.Length * 2;
            ProcessResult check = await CheckAsync(pairs, ["--sni", site.Name, .. addresses]);
            Assert.That(check.Output, Does.EndWith($"check: {pairs} of {pairs} resumed\n"), check.All + File.ReadAllText(_setup.Log));
            foreach (string address in addresses)
            {
                ProcessResult shown = await ChildProcess.RunAsync("openssl", ["s_client", "-connect", address, "-servername", site.Name]);
                Assert.That(shown.Output, Does.Contain("subject=CN = " + site.Name), "or the test proves nothing");
            }
        }
    }

    /// <summary>
    /// Has every process of the hosts see the name: libssl looks for sessions before a host may switch contexts by it, so that the
    /// first connection under a name in a process is a full one.
    /// </summary>
    private async Task WarmUpAsync(params string[] options)
    {
        foreach (NativeHost host in _running.Cast<NativeHost>())
        {
            LoadTally tally = await LoadClient.RunAsync(_setup.Folder, host, "1.3", WarmUpConnections, options);
            Assert.That(tally.Failed, Is.Zero, tally.Reasons);
        }
    }

    /// <summary>
    /// Again while fewer resume: on a busy machine a process opens its store late, and then sees a name for the first time in here.
    /// </summary>
    private static async Task<ProcessResult> CheckAsync(int expected, string[] arguments)
    {
        ProcessResult check = null!;
        for (int attempt = 0;
            attempt < MostChecks && check?.Output.Contains($"check: {expected} of ", StringComparison.Ordinal) != true;
            attempt++)
        {
            check = await SesscbTool.RunAsync(["check", "--timeout", "20", .. arguments]);
        }

        return check;
    }

    private static async Task<string> PageAsync(NativeHost host, string[] options) =>
        (await ChildProcess.RunAsync("openssl", ["s_client", "-connect", host.Address, "-ign_eof", .. options], "GET / HTTP/1.0\r\n\r\n",
            keepInputOpen: TimeSpan.FromSeconds(10))).Output;

    private Task<string[]> StartAllAsync(HostSetup setup) => StartAllAsync(setup, HostKind.All);

    private async Task<string[]> StartAllAsync(HostSetup setup, IEnumerable<HostKind> kinds)
    {
        var addresses = new List<string>();
        foreach (HostKind kind in kinds)
        {
            NativeHost host = await kind.StartAsync(setup);
            _running.Add(host);
            addresses.Add(host.Address);
        }

        return [.. addresses];
    }
}
