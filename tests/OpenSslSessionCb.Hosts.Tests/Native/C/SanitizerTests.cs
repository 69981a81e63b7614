using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// native/preload, compiled with AddressSanitizer and UndefinedBehaviorSanitizer, in an unmodified nginx with two workers that is
/// reloaded and ends.
/// </summary>
/// <remarks>
/// LeakSanitizer finds much that is lost in a worker, because it does not look into .NET's heap, where the pointers to it are. So
/// only what native/preload itself has allocated counts.
/// </remarks>
[Platform("Linux")]
public sealed class SanitizerTests
{
    private const string Sources = "native/preload/";

    private TemporaryFolder _folder = null!;
    private string _certificate = null!;
    private string _key = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("gcc", "nginx", "openssl");
        _folder = new TemporaryFolder();
        (_certificate, _key) = await OpenSslClient.MakeCertificateAsync(_folder, "server");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [Test]
    public async Task PreloadedLibrary_InNginxThroughReloadsToItsEnd_NoErrorAndNothingLost()
    {
        string[] reports = await ServeAsync(await BuildAsync());
        Assert.That(reports.Where(static report => !report.StartsWith("LeakSanitizer", StringComparison.Ordinal)), Is.Empty);
        Assert.That(reports.Where(static report => report.Contains(Sources, StringComparison.Ordinal)), Is.Empty);
    }

    [TestCase("volatile size_t length = 9; __builtin_memset(malloc(8), 0, length);", "heap-buffer-overflow")]
    [TestCase("volatile int most = 2147483647; most++;", "signed integer overflow")]
    public async Task PreloadedLibrary_WrongInAHandshake_IsReported(string fault, string expected)
    {
        const string BeginOfHandshake = "\n    (void)argument;\n";
        string[] reports = await ServeAsync(
            await BuildAsync(BeginOfHandshake, $"{BeginOfHandshake}    {{ {fault} }}\n"), everyoneServes: false);
        Assert.That(reports.Where(report => report.Contains(expected, StringComparison.Ordinal)), Has.Some.Contain(Sources + "contexts.c"));
    }

    [Test]
    public async Task PreloadedLibrary_LosesMemoryWithEachContext_IsReported()
    {
        string[] reports = await ServeAsync(await BuildAsync("    free(value);\n", "    (void)value;\n"));
        Assert.That(reports, Has.Some.StartsWith("LeakSanitizer").And.Some.Contain("contexts.c"));
    }

    /// <summary>The preloaded library with the sanitizers in it, and perhaps a fault.</summary>
    private async Task<string> BuildAsync(string right = "", string wrong = "")
    {
        // In a folder of the same name, so that reports name the same files.
        string folder = Directory.CreateDirectory(_folder[Sources]).FullName;
        foreach (string file in Directory.GetFiles(Path.Combine(NativeLibraries.Sources, "preload")))
        {
            bool isSpoilt = right.Length > 0 && Path.GetFileName(file) == "contexts.c";
            await File.WriteAllTextAsync(Path.Combine(folder, Path.GetFileName(file)),
                isSpoilt ? await CProgram.SpoilAsync(file, right, wrong) : await File.ReadAllTextAsync(file));
        }

        string library = _folder["libopensslsessioncb_preload.so"];
        await CProgram.RunAsync(
        [
            "gcc", "-std=gnu11", "-O1", "-g", "-fno-omit-frame-pointer", "-fsanitize=address,undefined", "-fno-sanitize-recover=undefined",
            "-fvisibility=hidden", "-fPIC", "-shared",
            "-o", library, .. Directory.GetFiles(folder, "*.c"), "-ldl", "-pthread",
        ]);
        return library;
    }

    /// <summary>Serves, is reloaded, serves and stops; returns what the sanitizers have reported, one text each.</summary>
    private async Task<string[]> ServeAsync(string library, bool everyoneServes = true)
    {
        var environment = new Dictionary<string, string>
        {
            // The sanitizers' own library comes first, or it refuses to work.
            ["LD_PRELOAD"] = $"{await PathOfAsync("libasan.so")} {await PathOfAsync("libubsan.so")} {library}",
            ["ASAN_OPTIONS"] = $"log_path={_folder["report"]}:exitcode=0",
            ["OSSCB_LIBRARY"] = Path.Combine(NativeLibraries.Folder, "libopensslsessioncb.so"),
            ["OSSCB_STORE"] = $"sqlite:{_folder["sessions.db"]}",
            ["OSSCB_DEADLINE_MS"] = "1000",
            ["OSSCB_LOG"] = _folder["osscb.log"],
        };
        using (NativeHost nginx = await NativeHost.StartNginxAsync(_folder, _certificate, _key, environment))
        {
            for (int reloads = 0; reloads < 2; reloads++)
            {
                foreach (string version in new[] { "tls1_2", "tls1_3" })
                {
                    string session = _folder[$"{version}.{reloads}.pem"];
                    _ = await ResumesAsync(nginx, version, "-sess_out", session);
                    if (everyoneServes)
                    {
                        // Perhaps on the other worker, and the store does not have it yet.
                        await Eventually.IsTrueAsync(() => ResumesAsync(nginx, version, "-sess_in", session), $"{version} does not resume");
                    }
                }

                Signal.Hangup.Send(nginx.Id);
            }

            Signal.Terminate.Send(nginx.Id);
            await Eventually.IsTrueAsync(() => nginx.HasExited, "nginx does not end");
        }

        // UndefinedBehaviorSanitizer writes to stderr, which nginx has made its log.
        IEnumerable<string> undefined = (await File.ReadAllTextAsync(_folder["nginx.log"])).Split('\n')
            .Where(static line => line.Contains("runtime error: ", StringComparison.Ordinal));
        string[] reports =
            [.. undefined, .. Directory.GetFiles(_folder.Root, "report.*").SelectMany(static file => Split(File.ReadAllText(file)))];
        if (reports.Any(static report => report.Contains("LeakSanitizer has encountered a fatal error", StringComparison.Ordinal)))
        {
            Assert.Ignore("LeakSanitizer cannot look at a process here: it needs ptrace.");
        }

        return reports;
    }

    private static async Task<bool> ResumesAsync(NativeHost nginx, string version, string option, string session)
    {
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl", ["s_client", "-connect", nginx.Address, "-" + version, "-ign_eof", option, session], "GET / HTTP/1.0\r\n\r\n",
            keepInputOpen: TimeSpan.FromSeconds(10));
        return result.Output.Contains("Reused, TLSv1", StringComparison.Ordinal);
    }

    private static async Task<string> PathOfAsync(string library)
    {
        ProcessResult result = await ChildProcess.RunAsync("gcc", ["-print-file-name=" + library]);
        if (!Path.IsPathRooted(result.Output.Trim()))
        {
            Assert.Ignore($"{library} is not installed; it comes with gcc.");
        }

        return result.Output.Trim();
    }

    /// <summary>Errors as they are; of leaks each by itself.</summary>
    private static IEnumerable<string> Split(string report)
    {
        int leaks = report.IndexOf("ERROR: LeakSanitizer", StringComparison.Ordinal);
        string before = leaks < 0 ? report : report[..Math.Max(0, report.LastIndexOf("=====", leaks, StringComparison.Ordinal))]
            .Trim('=', '\n');
        IEnumerable<string> each = leaks < 0 ? [] : report[leaks..].Split("\n\n")
            .Where(static part => part.Contains(" leak of ", StringComparison.Ordinal))
            .Select(static part => "LeakSanitizer: " + part);
        return before.Length == 0 ? each : each.Prepend(before);
    }
}
