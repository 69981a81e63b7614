using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Commands;

/// <summary>
/// Each mistake has its sentence: it names the thing and says what to do. 2: the command line is
/// wrong; 1: the machine does not fit.
/// </summary>
[TestFixture]
[FixtureLifeCycle(LifeCycle.SingleInstance)]
[Platform("Linux")]
public sealed class BadInputTests
{
    private TemporaryFolder _folder = null!;

    [OneTimeSetUp]
    public async Task MakeFiles()
    {
        _folder = new TemporaryFolder();
        await OpenSslClient.MakeCertificateAsync(_folder, "one");
        await OpenSslClient.MakeCertificateAsync(_folder, "other");
        File.SetUnixFileMode(_folder.Write("open.key", ""), (UnixFileMode)0b110_100_100);
        _folder.Write("junk", "not what it should be\n");
    }

    [OneTimeTearDown]
    public void DeleteFiles() => _folder.Dispose();

    [TestCase("", "No command was given")]
    [TestCase("bogus", "'bogus'")]
    [TestCase("serve --bogus", "'--bogus'")]
    [TestCase("serve --listen", "'--listen'")]
    [TestCase("serve --listen 8443", "--listen 8443 is not an address and a port")]
    [TestCase("serve --listen nowhere:1", "--listen nowhere:1 is not an address and a port")]
    [TestCase("serve --listen 127.0.0.1:70000", "--listen 127.0.0.1:70000 is not an address and a port")]
    [TestCase("serve --store redis://localhost", "--store redis://localhost is not understood")]
    [TestCase("serve --store redis:", "--store redis: is not understood")]
    [TestCase("serve --store redis:localhost:6379", "--store redis: goes with --key-file")]
    [TestCase("serve --store redis:localhost:6379,bogus=1 --key-file {new.key}", "--store redis:localhost:6379 is not understood")]
    [TestCase("serve --store sqlite:", "--store sqlite: is not understood")]
    [TestCase("serve --cert {one.crt}", "--cert and --key go together")]
    [TestCase("serve --tls 1.1", "--tls 1.1 is not a version")]
    [TestCase("serve --tickets maybe", "--tickets maybe is neither on nor off")]
    [TestCase("serve --ciphers NONSENSE", "--ciphers NONSENSE matches no cipher")]
    [TestCase("serve --ciphers TLS_NONSENSE", "--ciphers names TLS_NONSENSE")]
    [TestCase("serve --stack schannel", "--stack schannel is not a stack")]
    [TestCase("serve --stack sslstream --libssl libssl.so.3", "--libssl goes with --stack openssl only")]
    [TestCase("serve --stack sslstream --ciphers AES128-SHA", "--ciphers goes with --stack openssl only")]
    [TestCase("serve --stack kestrel --libssl libssl.so.3", "--libssl goes with --stack openssl only")]
    [TestCase("serve --stack kestrel --ciphers AES128-SHA", "--ciphers goes with --stack openssl only")]
    [TestCase("serve --stack kestrel --tickets on", "--tickets on goes with --stack openssl or sslstream")]
    [TestCase("serve --stack kestrel --store redis:localhost:6379,bogus=1 --key-file {new.key}",
        "--store redis:localhost:6379 is not understood")]
    [TestCase("serve --key-file-reload 1", "--key-file-reload goes with --stack kestrel only")]
    [TestCase("serve --stack kestrel --key-file-reload soon", "--key-file-reload soon is not a number of seconds from 1 to 86400")]
    [TestCase("serve --lookup-deadline 0", "--lookup-deadline 0 is not a number of milliseconds from 1 to 1000")]
    [TestCase("serve --lookup-deadline 1001", "--lookup-deadline 1001 is not a number of milliseconds from 1 to 1000")]
    [TestCase("serve --no-cache --farm blue", "--no-cache goes without --farm")]
    [TestCase("demo --bogus", "'--bogus'")]
    [TestCase("check", "'HOST:PORT'")]
    [TestCase("check 443", "443 is not an address and a port")]
    [TestCase("check localhost:0", "localhost:0 is not an address and a port")]
    [TestCase("check ::1:443", "::1:443 is not an address and a port")]
    [TestCase("check localhost:443 --timeout soon", "--timeout soon is not a number of seconds")]
    [TestCase("check localhost:443 --cert client.pem", "--cert and --key go together")]
    [TestCase("check localhost:443 --sni 127.0.0.1", "--sni 127.0.0.1 is not a host name")]
    public Task CommandLine_Wrong_IsAUsageError(string commandLine, string sentence) =>
        AssertFailsAsync(commandLine, sentence, exitCode: 2);

    [TestCase("serve --cert {none} --key {none}", "{none} does not exist")]
    [TestCase("serve --cert {junk} --key {junk}", "--cert {junk} cannot be used as a certificate")]
    [TestCase("serve --cert {one.crt} --key {junk}", "--key {junk} cannot be used as a private key")]
    [TestCase("serve --cert {one.crt} --key {other.key}", "--key {other.key} does not belong to the certificate in --cert {one.crt}")]
    [TestCase("serve --stack sslstream --cert {none} --key {none}", "{none} does not exist")]
    [TestCase("serve --stack sslstream --cert {junk} --key {junk}", "--cert {junk} cannot be used as a certificate")]
    [TestCase("serve --stack sslstream --cert {one.crt} --key {other.key}",
        "--key {other.key} does not belong to the certificate in --cert {one.crt}")]
    [TestCase("serve --stack sslstream --client-ca {one.key}", "--client-ca {one.key} holds no CA certificate")]
    [TestCase("serve --stack kestrel --cert {none} --key {none}", "{none} does not exist")]
    [TestCase("serve --stack kestrel --client-ca {one.key}", "--client-ca {one.key} holds no CA certificate")]
    [TestCase("serve --stack kestrel --store sqlite:{kestrel.db} --key-file {open.key}", "{open.key} is open to other users (mode 0644)")]
    [TestCase("serve --stack kestrel --store sqlite:{junk}", "{junk}' is not taken for a session store")]
    [TestCase("serve --stack kestrel --listen 203.0.113.1:0", "--listen 203.0.113.1:0 cannot be listened on")]
    [TestCase("serve --client-ca {none}", "--client-ca {none} does not exist")]
    [TestCase("serve --client-ca {junk}", "--client-ca {junk} holds no CA certificate")]
    [TestCase("serve --client-ca {one.key}", "--client-ca {one.key} holds no CA certificate")]
    [TestCase("serve --store sqlite:{new.db} --key-file {open.key}", "{open.key} is open to other users (mode 0644)")]
    [TestCase("serve --store sqlite:{none}/new.db", "{none}/new.db.key")]
    [TestCase("serve --store sqlite:{junk}", "{junk}' is not taken for a session store")]
    [TestCase("serve --listen 203.0.113.1:0", "--listen 203.0.113.1:0 cannot be listened on")]
    [TestCase("serve --libssl {none}", "{none} cannot be opened as libssl")]
    [TestCase("serve --libssl {junk}", "{junk} cannot be opened as libssl")]
    [TestCase("serve --libssl libc.so.6", "is not libssl")]
    public Task Machine_DoesNotFit_IsARunTimeError(string commandLine, string sentence) =>
        AssertFailsAsync(commandLine, sentence, exitCode: 1);

    [TestCase("openssl")]
    [TestCase("kestrel")]
    public async Task Port_InUse_IsARunTimeError(string stack)
    {
        using ServeProcess server = await ServeProcess.StartAsync();

        await AssertFailsAsync(
            $"serve --stack {stack} --listen {server.EndPoint}", $"--listen {server.EndPoint} is in use already", exitCode: 1);
    }

    [TestCase("--help")]
    [TestCase("serve --help")]
    [TestCase("demo --help")]
    [TestCase("check --help")]
    [TestCase("--version")]
    public async Task Help_AskedFor_IsNoError(string commandLine)
    {
        ProcessResult result = await SesscbTool.RunAsync(commandLine.Split(' '));

        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        Assert.That(result.Output, Is.Not.Empty);
    }

    private async Task AssertFailsAsync(string commandLine, string sentence, int exitCode)
    {
        ProcessResult result = await SesscbTool.RunAsync(commandLine.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(WithFiles));

        Assert.That(result.Errors, Does.StartWith("sesscb: ").And.Contain(WithFiles(sentence)));
        Assert.That(result.Errors.TrimEnd('\n'), Does.Not.Contain("\n").And.EndsWith("."), "one sentence");
        Assert.That(result.All, Does.Not.Contain("   at "));
        Assert.That(result.Output, Is.Empty);
        Assert.That(result.ExitCode, Is.EqualTo(exitCode));
    }

    /// <summary>Puts the folder's files in the place of names in braces.</summary>
    private string WithFiles(string text)
    {
        int open;
        while ((open = text.IndexOf('{', StringComparison.Ordinal)) >= 0)
        {
            int close = text.IndexOf('}', open);
            text = text[..open] + _folder[text[(open + 1)..close]] + text[(close + 1)..];
        }

        return text;
    }
}
