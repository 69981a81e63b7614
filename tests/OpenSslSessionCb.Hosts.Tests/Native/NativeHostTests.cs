using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// Servers that are not .NET: a program in C that is linked to the library, and unmodified ones that it is preloaded into.
/// </summary>
[Platform("Linux")]
public sealed class NativeHostTests
{
    private const string Farm = "example";

    private TemporaryFolder _folder = null!;
    private string _certificate = null!;
    private string _key = null!;

    private string Store => "sqlite:" + _folder["sessions.db"];

    private Dictionary<string, string> Preloaded => new()
    {
        ["LD_PRELOAD"] = NativeLibraries.Preload,
        ["OSSCB_STORE"] = Store,
        ["OSSCB_KEY_FILE"] = _folder["farm.key"],
        ["OSSCB_FARM"] = Farm,
        ["OSSCB_DEADLINE_MS"] = "500",
        ["OSSCB_LOG"] = _folder["osscb.log"],
    };

    [SetUp]
    public async Task MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("nginx", "gcc");
        _folder = new TemporaryFolder();
        (_certificate, _key) = await OpenSslClient.MakeCertificateAsync(_folder, "server");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [Test]
    public async Task Servers_OfThreeKinds_ResumeEachOthersSessions()
    {
        using ServeProcess kestrel = await ServeProcess.StartAsync(
            "--stack", "kestrel", "--store", Store, "--key-file", _folder["farm.key"], "--farm", Farm, "--cert", _certificate, "--key",
            _key, "--lookup-deadline", "500");
        using NativeHost example = await NativeHost.StartExampleAsync(_folder, _certificate, _key, Store, _folder["farm.key"]);
        using NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, Preloaded);

        // The first connection under a name, or under none, is a full one in each worker.
        ProcessResult check = null!;
        for (int attempt = 0; attempt < 5 && check?.ExitCode != 0; attempt++)
        {
            await LoadClient.RunAsync(_folder, nginx, "1.3", 100);
            check = await SesscbTool.RunAsync("check", $"{kestrel.EndPoint}", example.Address, nginx.Address);
        }

        await TestContext.Out.WriteLineAsync(check.Output);
        Assert.That(check.ExitCode, Is.Zero, check.Output + check.Errors + await File.ReadAllTextAsync(_folder["osscb.log"]));
        Assert.That((await File.ReadAllLinesAsync(_folder["osscb.log"])).Where(static line =>
            !line.Contains("The store is slow to open", StringComparison.Ordinal)), Is.All.Contain("TLS sessions are shared"));
    }

    [TestCase("nonsense", "is not understood: give memory, sqlite:")]
    [TestCase("sqlite:/nowhere/at/all/sessions.db", "/nowhere/at/all")]
    public async Task Preloaded_StoreIsBad_TheHostRunsAsBeforeAndOneLineSaysWhy(string store, string reason)
    {
        Dictionary<string, string> environment = Preloaded;
        environment["OSSCB_STORE"] = store;
        using NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, environment);
        ProcessResult result = await ChildProcess.RunAsync("openssl", ["s_client", "-connect", nginx.Address, "-tls1_2"]);

        Assert.That(result.Output, Does.Contain("Cipher is"));
        string[] log = await File.ReadAllLinesAsync(_folder["osscb.log"]);
        Assert.That(log, Has.Length.EqualTo(1).And.All.Contain("Sessions are not shared: ").And.All.Contain(reason));
    }

    [Test]
    public async Task Preloaded_KeysAreRotated_ItReadsThemAndSessionsLiveOn()
    {
        using SessionKeyRing made = SessionKeyRing.OpenOrCreate(_folder["farm.key"]);
        using NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, Preloaded);
        string[] client = ["s_client", "-connect", nginx.Address, "-tls1_2", "-noservername"];
        await Eventually.IsTrueAsync(async () =>
        {
            await ChildProcess.RunAsync("openssl", [.. client, "-sess_out", _folder["session"]]);
            return File.ReadAllLines(_folder["osscb.log"])
                .Count(static line => line.Contains("TLS sessions are shared", StringComparison.Ordinal)) == 2;
        },
        "both workers share");
        SessionKeyRing.Rotate(_folder["farm.key"]);
        await Eventually.IsTrueAsync(() => File.ReadAllLines(_folder["osscb.log"]).Count(static line => line.EndsWith(
            "The key file has changed; 3 keys open sessions now.", StringComparison.Ordinal)) == 2, "both workers read it");
        ProcessResult result = await ChildProcess.RunAsync("openssl", [.. client, "-sess_in", _folder["session"]]);
        Assert.That(result.Output, Does.Contain("Reused, TLSv1.2"));

        File.SetUnixFileMode(_folder["farm.key"], UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await Eventually.IsTrueAsync(() => File.ReadAllText(_folder["osscb.log"]).Contains(
            "The key file was not read again, and the keys stay as they were: ", StringComparison.Ordinal), "it is refused");
        Assert.That(
            (await ChildProcess.RunAsync("openssl", [.. client, "-sess_in", _folder["session"]])).Output, Does.Contain("Reused, TLSv1.2"));
    }

    [Test]
    public async Task Preloaded_NoStoreIsNamed_NothingIsDone()
    {
        Dictionary<string, string> environment = Preloaded;
        environment.Remove("OSSCB_STORE");
        using NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, environment);
        ProcessResult result = await ChildProcess.RunAsync("openssl", ["s_client", "-connect", nginx.Address, "-tls1_3"]);

        Assert.That(result.Output, Does.Contain("Cipher is"));
        string maps = await File.ReadAllTextAsync($"/proc/{nginx.Id}/maps");
        Assert.That(maps, Does.Contain("libopensslsessioncb_preload.so").And.Not.Contain("libopensslsessioncb.so"));
        Assert.That(_folder["osscb.log"], Does.Not.Exist);
    }

    [Test]
    public async Task Preloaded_LibraryIsMissing_TheHostRunsAsBeforeAndOneLineSaysWhy()
    {
        Dictionary<string, string> environment = Preloaded;
        environment["OSSCB_LIBRARY"] = _folder["gone.so"];
        using NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, environment);
        ProcessResult result = await ChildProcess.RunAsync("openssl", ["s_client", "-connect", nginx.Address, "-tls1_3"]);

        Assert.That(result.Output, Does.Contain("Cipher is"));
        Assert.That(await File.ReadAllLinesAsync(_folder["osscb.log"]), Has.Length.EqualTo(1).And.All.Contain("gone.so"));
    }
}
