using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>
/// Valgrind's memcheck looks at every access to memory of the example, of libssl under it, and of the library's code, .NET's
/// included. Nothing is suppressed.
/// </summary>
[Platform("Linux")]
public sealed partial class MemcheckTests
{
    private const int Found = 99;

    // A connection that loses less than this goes unseen: .NET loses 8 bytes with each of its threads, of which there are
    // not always as many.
    private const int SmallestBlock = 16;
    private const int MoreConnections = 8;

    private TemporaryFolder _folder = null!;
    private string _certificate = null!;
    private string _key = null!;

    [SetUp]
    public async Task MakeFolder()
    {
        NativeLibraries.RequireOrIgnore("gcc", "openssl", "valgrind");
        _folder = new TemporaryFolder();
        (_certificate, _key) = await OpenSslClient.MakeCertificateAsync(_folder, "server");
    }

    [TearDown]
    public void DeleteFolder() => _folder?.Dispose();

    [TestCase("memory")]
    [TestCase("sqlite")]
    public async Task Example_ServesUnderMemcheck_NoErrorAndNoMoreLostForMoreConnections(string store)
    {
        string server = await CProgram.BuildAsync(_folder, "c11", [CProgram.Example]);
        string uri = store == "memory" ? store : $"sqlite:{_folder["sessions.db"]}";
        (ProcessResult end, int lost) = await ServeAsync(server, uri, resumed: 1);
        Assert.That(end.ExitCode, Is.Zero, end.Errors);

        // What a connection lost would be lost again with each.
        (_, int lostAfterMore) = await ServeAsync(server, uri, resumed: 1 + (MoreConnections / 2));
        Assert.That(lostAfterMore, Is.LessThan(lost + (MoreConnections * SmallestBlock)), "bytes lost");
    }

    [Test]
    public async Task Example_ServesFromRedisUnderMemcheck_NoError()
    {
        await using ServerProcess redis = await ServerProcess.StartAsync(ServerPrograms.RedisOrIgnore());
        string server = await CProgram.BuildAsync(_folder, "c11", [CProgram.Example]);
        (ProcessResult end, _) = await ServeAsync(server, $"redis:{redis.Address}", resumed: 1);
        Assert.That(end.ExitCode, Is.Zero, end.Errors);
    }

    [Test]
    public async Task Example_ReadsWhatIsFreed_MemcheckSaysSo()
    {
        string spoilt = await CProgram.SpoilAsync(
            CProgram.Example, "    SSL_free(ssl);\n", "    SSL_free(ssl);\n    if (SSL_version(ssl) == 0)\n        puts(\"?\");\n");
        string server = await CProgram.BuildAsync(_folder, "c11", [_folder.Write("spoilt.c", spoilt)]);
        (ProcessResult end, _) = await ServeAsync(server, "memory", resumed: 1);
        Assert.That(end.ExitCode, Is.EqualTo(Found));
        Assert.That(end.Errors, Does.Contain("Invalid read").And.Contain("spoilt.c"));
    }

    [Test]
    public async Task Example_LosesMemoryWithEachConnection_TheCountOfLostBytesGrows()
    {
        string spoilt = await CProgram.SpoilAsync(
            CProgram.Example, "    SSL_free(ssl);\n", "    SSL_free(ssl);\n    *(volatile char *)malloc(24) = 0;\n");
        string server = await CProgram.BuildAsync(_folder, "c11", [_folder.Write("spoilt.c", spoilt)], "-Wno-null-dereference");
        (_, int lost) = await ServeAsync(server, "memory", resumed: 1);
        (_, int lostAfterMore) = await ServeAsync(server, "memory", resumed: 1 + (MoreConnections / 2));
        Assert.That(lostAfterMore, Is.GreaterThanOrEqualTo(lost + (MoreConnections * SmallestBlock)));
    }

    private async Task<(ProcessResult End, int Lost)> ServeAsync(string server, string store, int resumed)
    {
        foreach (string session in Directory.GetFiles(_folder.Root, "tls1_*.pem"))
        {
            File.Delete(session);
        }

        using ExampleServer checkedServer = await ExampleServer.StartAsync(
            "valgrind", $"--error-exitcode={Found}", "--leak-check=summary", "--num-callers=30", server, "0", _certificate, _key, store,
            _folder["farm.key"]);
        await checkedServer.ServeAsync(_folder, resumed);
        ProcessResult end = await checkedServer.StopAsync();
        Assert.That(end.Output, Does.Contain("sessions made"), end.Errors);
        Match lost = DefinitelyLost().Match(end.Errors);
        return (end, lost.Success ? int.Parse(lost.Groups[1].Value, NumberStyles.AllowThousands, CultureInfo.InvariantCulture) : 0);
    }

    [GeneratedRegex(@"definitely lost: ([\d,]+) bytes")]
    private static partial Regex DefinitelyLost();
}
