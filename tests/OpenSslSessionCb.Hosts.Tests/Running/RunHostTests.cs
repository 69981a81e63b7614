using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Native;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Running;

/// <summary>An unmodified nginx under sesscb run.</summary>
[TestFixture]
[Platform("Linux")]
public sealed partial class RunHostTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("nginx", "openssl");
        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [TestCase("-tls1_2")]
    [TestCase("-tls1_3")]
    public async Task Nginx_WithTwoWorkers_ResumesAcrossThem(string version)
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(_folder, "server");
        using NativeHost nginx = await NativeHost.StartAsync(SesscbTool.Program, port => SesscbTool.Arguments(
            "run", "--store", $"sqlite:{_folder["sessions.db"]}", "--farm", "shop", "--deadline", "500", "--log", _folder["osscb.log"],
            "--libraries", NativeLibraries.Folder, "--",
            "/usr/sbin/nginx", "-c", WriteConfiguration(port, certificate, key)));
        Assert.That(ProcessTree.NameOf(nginx.Id), Is.EqualTo("nginx"), "the process that was started has become it");

        (string maker, bool reused) = await GetAsync(nginx, version, "-sess_out", _folder["session"]);
        Assert.That(reused, Is.False);

        // The kernel chooses which of the two workers answers, and the first answer may come before the session is in the store.
        await Eventually.IsTrueAsync(
            async () => await GetAsync(nginx, version, "-sess_in", _folder["session"]) is (var worker, true) && worker != maker,
            "the other worker resumes no session");

        // On a busy machine a store may be slow to open, which is a line of its own.
        string[] log = [.. (await File.ReadAllLinesAsync(_folder["osscb.log"]))
            .Where(static line => !line.Contains("The store is slow to open", StringComparison.Ordinal))];
        Assert.That(log, Has.Length.EqualTo(2).And.All.Contains("TLS sessions are shared by way of sqlite:"));
        Assert.That(File.Exists(_folder["sessions.db.key"]), "the key ring that nginx has made");
    }

    /// <summary>Which worker answered, and whether it resumed the session.</summary>
    private static async Task<(string Worker, bool Reused)> GetAsync(NativeHost nginx, params IEnumerable<string> options)
    {
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", nginx.Address, "-ign_eof", .. options],
            "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
            keepInputOpen: ChildProcess.Patience);
        Match answer = Answer().Match(result.Output);
        Assert.That(answer.Success, result.All);
        return (answer.Groups[1].Value, answer.Groups[2].Value == "r");
    }

    /// <summary>Without tickets and without a cache of its own, nginx resumes nothing.</summary>
    private string WriteConfiguration(int port, string certificate, string key) => _folder.Write("nginx.conf", $$"""
        worker_processes 2;
        daemon off;
        user root;
        pid {{_folder["nginx.pid"]}};
        error_log {{_folder["nginx.log"]}};
        events { worker_connections 512; }
        http {
            access_log off;
            server {
                listen 127.0.0.1:{{port}} ssl reuseport;
                ssl_certificate {{certificate}};
                ssl_certificate_key {{key}};
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_tickets off;
                ssl_session_cache none;
                location / { return 200 "worker $pid $ssl_session_reused\n"; }
            }
        }
        """);

    [GeneratedRegex("^worker ([0-9]+) ([r.])$", RegexOptions.Multiline)]
    private static partial Regex Answer();
}
