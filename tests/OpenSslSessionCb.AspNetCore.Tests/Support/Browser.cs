using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>Debian's Chromium without a window, with one tab, driven over the DevTools protocol.</summary>
internal sealed class Browser : IAsyncDisposable
{
    private const string Listening = "DevTools listening on ";

    private readonly Process _process;
    private readonly ClientWebSocket _socket = new();
    private readonly List<string> _complaints = [];
    private string? _session;
    private int _lastId;

    private Browser(Process process) => _process = process;

    /// <summary>
    /// What the browser found wrong with the page: exceptions of its script, content that its policy forbids, answers that failed.
    /// </summary>
    internal IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Where Chromium is; null when it is not installed.</summary>
    internal static string? Program => ChildProcess.Find("chromium");

    /// <param name="folder">What it keeps on disk goes there.</param>
    /// <param name="arguments">More arguments.</param>
    internal static async Task<Browser> StartAsync(TemporaryFolder folder, params IEnumerable<string> arguments)
    {
        // As root, and in containers, Chromium's own sandbox cannot be had.
        var browser = new Browser(ChildProcess.Start(
            Program!,
            [
                "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--remote-debugging-port=0",
                $"--user-data-dir={folder["chromium"]}", .. arguments, "about:blank",
            ],
            new Dictionary<string, string> { ["HOME"] = folder.Root }));
        try
        {
            await browser.ConnectAsync();
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    internal async Task NavigateAsync(Uri address)
    {
        JsonNode? answer = await CallAsync("Page.navigate", new { url = address.ToString() });
        Assert.That(answer?["errorText"]?.ToString(), Is.Null, address.ToString());
    }

    /// <summary>The value of an expression, as text.</summary>
    internal async Task<string> EvaluateAsync(string expression)
    {
        JsonNode? answer = await CallAsync("Runtime.evaluate", new { expression = $"String({expression})", awaitPromise = true });
        Assert.That(answer?["exceptionDetails"], Is.Null, expression);
        return answer!["result"]!["value"]!.ToString();
    }

    /// <summary>How wide its window is, and which colours its user prefers.</summary>
    internal async Task LookLikeAsync(int width, bool dark)
    {
        await CallAsync("Emulation.setDeviceMetricsOverride", new { width, height = 900, deviceScaleFactor = 1, mobile = false });
        await CallAsync("Emulation.setEmulatedMedia",
            new { features = new[] { new { name = "prefers-color-scheme", value = dark ? "dark" : "light" } } });
    }

    /// <summary>Writes all of the page as a picture.</summary>
    internal async Task PhotographAsync(string path)
    {
        JsonNode? answer = await CallAsync("Page.captureScreenshot", new { format = "png", captureBeyondViewport = true });
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Convert.FromBase64String(answer!["data"]!.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        _socket.Dispose();
        ChildProcess.Kill(_process);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task ConnectAsync()
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        var said = new List<string>();
        while (await _process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            said.Add(line);
            if (line.StartsWith(Listening, StringComparison.Ordinal))
            {
                _ = _process.StandardError.ReadToEndAsync(CancellationToken.None);
                _ = _process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                await _socket.ConnectAsync(new Uri(line[Listening.Length..]), patience.Token);
                await AttachAsync();
                return;
            }
        }

        throw new InvalidOperationException("Chromium has ended: " + string.Join('\n', said));
    }

    private async Task AttachAsync()
    {
        JsonNode? tab = await CallAsync("Target.createTarget", new { url = "about:blank" });
        JsonNode? attached = await CallAsync(
            "Target.attachToTarget", new { targetId = tab!["targetId"]!.ToString(), flatten = true });
        _session = attached!["sessionId"]!.ToString();
        foreach (string domain in (string[])["Page", "Runtime", "Log"])
        {
            await CallAsync($"{domain}.enable", new { });
        }
    }

    private async Task<JsonNode?> CallAsync(string method, object parameters)
    {
        using var patience = new CancellationTokenSource(ChildProcess.Patience);
        int id = ++_lastId;
        var call = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = JsonSerializer.SerializeToNode(parameters) };
        if (_session is not null)
        {
            call["sessionId"] = _session;
        }

        await _socket.SendAsync(JsonSerializer.SerializeToUtf8Bytes(call), WebSocketMessageType.Text, endOfMessage: true, patience.Token);
        while (true)
        {
            JsonNode message = await ReceiveAsync(patience.Token);
            if (message["id"]?.GetValue<int>() == id)
            {
                Assert.That(message["error"]?.ToString(), Is.Null, method);
                return message["result"];
            }

            Note(message);
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken patience)
    {
        using var text = new MemoryStream();
        var buffer = new byte[65536];
        WebSocketReceiveResult part;
        do
        {
            part = await _socket.ReceiveAsync(buffer, patience);
            text.Write(buffer, 0, part.Count);
        }
        while (!part.EndOfMessage);

        return JsonNode.Parse(text.ToArray())!;
    }

    private void Note(JsonNode message)
    {
        switch (message["method"]?.ToString())
        {
            case "Runtime.exceptionThrown":
            case "Log.entryAdded" when message["params"]!["entry"]!["level"]!.ToString() == "error":
                _complaints.Add(message["params"]!.ToJsonString());
                break;
        }
    }
}
