using System.Diagnostics;
using System.Globalization;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

/// <summary>The demo farm, and Chromium looking at it.</summary>
[TestFixture]
[Platform("Linux")]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
[Parallelizable(ParallelScope.All)]
public sealed class BrowserTests
{
    // Chromium resumes sessions of servers whose certificate it was told to ignore as any others: no authority of our own is needed.
    private const string IgnoreCertificate = "--ignore-certificate-errors";

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder()
    {
        if (Browser.Program is null)
        {
            const string Reason = "chromium is not installed. Install it with: sudo apt-get install chromium";
            TestContext.Progress.WriteLine($"Left out: {TestContext.CurrentContext.Test.FullName}: {Reason}");
            Assert.Ignore(Reason);
        }

        _folder = new TemporaryFolder();
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [TestCase("HTTP/2")]
    [TestCase("HTTP/1.1", "--disable-http2")]
    public async Task Page_LoadedFromOneNodeThenFromTheOther_ReadsResumed(string http, params string[] arguments)
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder);
        await using Browser browser = await Browser.StartAsync(_folder, [IgnoreCertificate, .. arguments]);
        await browser.LookLikeAsync(width: 1000, dark: false);
        await browser.NavigateAsync(farm.Address);
        await ShowsAsync(browser, static rows => rows.Length > 0, "a connection");
        string[] first = (await RowsAsync(browser))[^1];
        string nodeA = first[2];
        string nodeB = farm.Nodes.Single(node => !nodeA.Contains($"process {node} ", StringComparison.Ordinal))
            .ToString(CultureInfo.InvariantCulture);

        // The page opens new connections by itself; when the other node has one, the page is loaded anew.
        var turn = new TurnMixer(farm.EndPoint);
        await ShowsAsync(browser, rows => rows.Any(row => IsResumedOn(row, nodeB)), $"a connection that resumes at {nodeB}", turn);
        await browser.NavigateAsync(farm.Address);
        await ShowsAsync(browser, rows => rows.Length > 0 && IsResumedOn(rows[0], nodeB), $"the newest as resumed at {nodeB}", turn);

        string[] row = (await RowsAsync(browser))[0];
        Assert.That(row[1], Does.Match(@"^[0-9.]+ ms$"), "how long it took");
        Assert.That(row[4..], Is.EqualTo(new[] { "TLS 1.3", "TLS_AES_256_GCM_SHA384", http }));
        Assert.That(
            await browser.EvaluateAsync("document.getElementById('summary').textContent"),
            Does.Match("^[0-9]+ of [0-9]+ connections resumed, on 2 nodes.$"));
        Assert.That(await browser.EvaluateAsync("document.getElementById('trouble').hidden"), Is.EqualTo("true"));
        Assert.That(browser.Complaints, Is.Empty);
    }

    [Test]
    public async Task Page_Photographed()
    {
        using FarmProcess farm = await FarmProcess.StartAsync(_folder);
        await using Browser browser = await Browser.StartAsync(_folder, IgnoreCertificate);
        await browser.LookLikeAsync(width: 1000, dark: false);
        await browser.NavigateAsync(farm.Address);
        await ShowsAsync(browser, static rows => rows.Count(static row => row[0] == "resumed") >= 6, "six that resume");

        foreach ((int width, bool dark, string name) in
            ((int, bool, string)[])[(360, false, "narrow"), (1000, true, "dark"), (1000, false, "sessions")])
        {
            await browser.LookLikeAsync(width, dark);

            // It draws anew once a second, and whenever its width changes.
            await Task.Delay(1200);
            await browser.PhotographAsync(Repository.PathOf($"artifacts/page/{name}.png"));
            Assert.That(await browser.EvaluateAsync("document.documentElement.scrollWidth <= innerWidth"), Is.EqualTo("true"),
                $"{name}: nothing is wider than the window");
        }
    }

    /// <summary>Waits until the table of connections shows something; says what it showed instead.</summary>
    private static async Task ShowsAsync(Browser browser, Func<string[][], bool> condition, string what, TurnMixer? turn = null)
    {
        string[][] rows = [];
        var clock = Stopwatch.StartNew();
        while (!condition(rows = await RowsAsync(browser)))
        {
            Assert.That(
                clock.Elapsed, Is.LessThan(ChildProcess.Patience),
                $"The page does not show {what}, but:\n{string.Join('\n', rows.Select(static row => string.Join(", ", row)))}");
            turn?.Look(rows);
            await Task.Delay(50);
        }
    }

    private static bool IsResumedOn(string[] row, string node) =>
        row[0] == "resumed" && row[2].StartsWith($"process {node} ", StringComparison.Ordinal);

    /// <summary>The cells of the table of connections.</summary>
    private static async Task<string[][]> RowsAsync(Browser browser)
    {
        string rows = await browser.EvaluateAsync(
            "[...document.querySelectorAll('#connections tbody tr:not(.empty)')]"
                + ".map(row => [...row.cells].map(cell => cell.textContent).join('\\t')).join('\\n')");
        return rows.Length == 0 ? [] : [.. rows.Split('\n').Select(static row => row.Split('\t'))];
    }
}
