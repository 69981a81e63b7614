using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>The page's answers, as any client gets them.</summary>
[TestFixture]
[Platform("Linux")]
public sealed partial class SessionsPageTests
{
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task EachAnswer_IsWhatItSays_IsNotKept_AndMayLoadNothingFromElsewhere()
    {
        await using PageApp app = await PageApp.StartAsync(_folder);

        foreach (string path in PageApp.Paths)
        {
            using HttpResponseMessage answer = await app.Client.GetAsync(new Uri("/sessions" + path, UriKind.Relative));
            string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.OK), path);
            Assert.That(answer.Content.Headers.ContentType?.MediaType, Is.EqualTo(MediaTypeOf(path)), path);
            Assert.That(
                policy, Does.StartWith("default-src 'none'; script-src 'self'; style-src 'self'; ").And.Not.Contain("unsafe"), path);
            Assert.That(policy, Does.Contain("frame-ancestors 'none'").And.Contain("base-uri 'none'"), path);
            Assert.That(answer.Headers.CacheControl?.ToString(), Is.EqualTo("no-store"), path);
            Assert.That(answer.Headers.GetValues("X-Content-Type-Options"), Is.EqualTo(new[] { "nosniff" }), path);
        }
    }

    [Test]
    public async Task Document_HasNothingInline_AndWhatItLoadsIsThere()
    {
        await using PageApp app = await PageApp.StartAsync(_folder);

        string document = await app.Client.GetStringAsync(new Uri("/sessions", UriKind.Relative));

        Assert.That(document, Does.Not.Match(@"<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)"));
        string[] loaded = [.. Loaded().Matches(document).Select(static match => match.Groups[1].Value)];
        Assert.That(loaded, Is.EquivalentTo(new[] { "/sessions/icon.svg", "/sessions/page.css", "/sessions/page.js" }));
        foreach (string path in PageApp.Paths)
        {
            string text = await app.Client.GetStringAsync(new Uri("/sessions" + path, UriKind.Relative));
            Assert.That(text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal),
                Does.Not.Contain("://").And.Not.Contain("innerHTML"), path);
            foreach (Match import in Import().Matches(text))
            {
                Assert.That(PageApp.Paths, Does.Contain("/" + import.Groups[1].Value), path);
            }
        }
    }

    [TestCase("/app/sessions", "/app/sessions")]
    [TestCase("/app/sessions/", "/app/sessions")]
    public async Task Document_BehindAPathBase_PointsThere(string asked, string expected)
    {
        await using PageApp app = await PageApp.StartAsync(_folder, map: static made =>
        {
            made.UsePathBase("/app");
            made.UseRouting();
            made.MapOpenSslSessions("/sessions");
        });

        string document = await app.Client.GetStringAsync(new Uri(asked, UriKind.Relative));

        Assert.That(document, Does.Contain($"src=\"{expected}/page.js\""));
        Assert.That(await app.Client.GetStringAsync(new Uri(expected + "/page.js", UriKind.Relative)), Does.Contain("import"));
    }

    [Test]
    public async Task Document_PathWithMarkup_IsEscaped()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, map: static made => made.MapOpenSslSessions("/{shop}/sessions"));

        string document = await app.Client.GetStringAsync(new Uri("/%22%3E%3Cscript%3E'&/sessions", UriKind.Relative));

        Assert.That(document, Does.Contain("/sessions/page.js").And.Not.Contain("\"><script>'").And.Not.Contain("'&/"));
    }

    [Test]
    public async Task RootPattern_ServesThePageAtTheRoot()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, map: static made => made.MapOpenSslSessions("/"));

        Assert.That(await app.Client.GetStringAsync(new Uri("/", UriKind.Relative)), Does.Contain("src=\"/page.js\""));
        Assert.That(await app.Client.GetStringAsync(new Uri("/data", UriKind.Relative)), Does.StartWith("{"));
    }

    [Test]
    public async Task NotMapped_NothingIsThere()
    {
        await using PageApp app = await PageApp.StartAsync(_folder, map: static made => made.MapGet("/", static () => "hello"));

        foreach (string path in PageApp.Paths)
        {
            using HttpResponseMessage answer = await app.Client.GetAsync(new Uri("/sessions" + path, UriKind.Relative));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.NotFound), path);
        }
    }

    [Test]
    public async Task RequireAuthorization_HoldsForEachPart()
    {
        await using PageApp app = await PageApp.StartAsync(
            _folder,
            static builder =>
            {
                builder.Services.AddOpenSslSessionCache().UseMemory();
                builder.Services.AddAuthentication("header")
                    .AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, HeaderAuthentication>("header", null);
                builder.Services.AddAuthorization();
            },
            static made => made.MapOpenSslSessions("/sessions").RequireAuthorization());

        foreach (string path in PageApp.Paths)
        {
            Assert.That(await StatusAsync(path, signedIn: false), Is.EqualTo(HttpStatusCode.Unauthorized), path);
            Assert.That(await StatusAsync(path, signedIn: true), Is.EqualTo(HttpStatusCode.OK), path);
        }

        async Task<HttpStatusCode> StatusAsync(string path, bool signedIn)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri("/sessions" + path, UriKind.Relative));
            if (signedIn)
            {
                request.Headers.Add(HeaderAuthentication.Header, "somebody");
            }

            using HttpResponseMessage answer = await app.Client.SendAsync(request);
            return answer.StatusCode;
        }
    }

    [Test]
    public async Task NoAnswer_HasASecret()
    {
        string keys = _folder["sessions.key"];
        await using PageApp app = await PageApp.StartAsync(_folder, builder => builder.Services
            .AddOpenSslSessionCache(o => (o.KeyFile, o.CreateKeyFile, o.NearCacheCapacity) = (keys, true, 0))
            .UseSqlite(_folder["sessions.db"]));
        string made = await SClient.GetAsync(app.EndPoint, "-tls1_2", "-sess_out", _folder["session"]);
        string id = SessionId().Match(made).Groups[1].Value;
        await Eventually.IsTrueAsync(() => app.Sessions.Cache!.Statistics.Queued == 0, "the session is not written");
        Assert.That(await SClient.GetAsync(app.EndPoint, "-tls1_2", "-sess_in", _folder["session"]), Does.Contain("Reused, TLSv1.2"));
        Assert.That(id, Has.Length.EqualTo(64));

        string[] secrets =
        [
            id, id[..16], Convert.ToBase64String(Convert.FromHexString(id)), _folder.Root, "sessions.db", "127.0.0.1",
            .. File.ReadAllText(keys).Split((char[])[' ', '\n', ':', '='], StringSplitOptions.RemoveEmptyEntries)
                .Where(static word => word.Length >= 32),
        ];
        Assert.That(secrets, Has.Length.GreaterThan(6), "the key file has a key");
        foreach (string path in PageApp.Paths)
        {
            string text = await app.Client.GetStringAsync(new Uri("/sessions" + path, UriKind.Relative));
            foreach (string secret in secrets)
            {
                Assert.That(text, Does.Not.Contain(secret).IgnoreCase, path);
            }
        }
    }

    private static string MediaTypeOf(string path) => Path.GetExtension(path) switch
    {
        ".css" => "text/css",
        ".js" => "text/javascript",
        ".svg" => "image/svg+xml",
        _ => path == "/data" ? "application/json" : "text/html",
    };

    [GeneratedRegex("(?:src|href)=\"([^\"]*)\"")]
    private static partial Regex Loaded();

    [GeneratedRegex(@"from '\./([^']+)'")]
    private static partial Regex Import();

    [GeneratedRegex("Session-ID: ([0-9A-F]+)")]
    private static partial Regex SessionId();
}
