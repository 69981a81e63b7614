using System.Text.RegularExpressions;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>docs/native.md says what the code does.</summary>
[Platform("Linux")]
public sealed partial class NativeDocumentTests
{
    private static readonly string[] s_sourceFolders =
    [
        "native/preload", "src/OpenSslSessionCb.Native", "src/OpenSslSessionCb.Setup", "src/OpenSslSessionCb",
        "src/OpenSslSessionCb.Sqlite",
    ];

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void Variables_OfTheTable_AreThoseThatAreRead()
    {
        string[] read = [.. NativeDocument.VariablesIn(string.Concat(
            Setting().Matches(File.ReadAllText(Repository.PathOf("native/preload/settings.c"))).Select(static match => match.Value)))];
        Assert.That(read, Has.Length.GreaterThan(6));
        Assert.That(NativeDocument.FirstColumn("Variables").Select(static cell => cell.Trim('`')), Is.EquivalentTo(read));
        string others = string.Concat(NativeDocument.DropIns.Values)
            + NativeDocument.Text + File.ReadAllText(Repository.PathOf("native/README.md"));
        Assert.That(NativeDocument.VariablesIn(others).Except([.. read, "OSSCB_OK", "OSSCB_ERROR_FORKED"]), Is.Empty);
    }

    [Test]
    public void Sentences_OfTheTableOfTrouble_AreInTheSources()
    {
        string sources = string.Concat(s_sourceFolders.SelectMany(static folder =>
                Directory.EnumerateFiles(Repository.PathOf(folder), "*.*", SearchOption.AllDirectories))
            .Where(static file => file.EndsWith(".c", StringComparison.Ordinal) || file.EndsWith(".cs", StringComparison.Ordinal))
            .Select(File.ReadAllText));

        // A long sentence goes on in a second literal.
        sources = SplitLiteral().Replace(sources, "");
        string[] sentences =
        [
            .. NativeDocument.FirstColumn("Trouble").Where(static cell => cell.StartsWith('`')).Select(static cell => cell.Trim('`')),
        ];
        Assert.That(sentences, Has.Length.GreaterThan(20));

        // What is left out stands for what is put in there: a path, a number, a reason.
        Assert.That(sentences.SelectMany(static sentence => sentence.Split('…'))
            .Where(part => !sources.Contains(part, StringComparison.Ordinal)), Is.Empty);
    }

    [Test]
    public void Links_LeadToFiles()
    {
        string[] targets = [.. Link().Matches(NativeDocument.Text).Select(static match => match.Groups[1].Value)];
        Assert.That(targets, Has.Length.GreaterThan(5));
        Assert.That(targets.Where(static target => !Path.Exists(Path.Combine(Repository.PathOf("docs"), target))), Is.Empty);
    }

    [TestCase("c11")]
    [TestCase("c++17")]
    public async Task SnippetInC_CompilesWithoutAWarning(string language)
    {
        NativeLibraries.RequireOrIgnore("gcc", "g++");
        string source = _folder.Write("snippet.c", $$"""
            #include <stdio.h>
            #include <openssl/ssl.h>
            #include "openssl_session_cb.h"
            void serve(SSL_CTX *ctx);
            int start(SSL_CTX *ctx);
            int start(SSL_CTX *ctx)
            {
            {{NativeDocument.Block("c")}}
                return 0;
            }

            """);
        await CProgram.CheckAsync(_folder, language, source);
    }

    [Test]
    public async Task FiveMinutes_AsWritten_EndWithSessionsThatResumeOnBothServers()
    {
        NativeLibraries.RequireOrIgnore("nginx", "openssl");
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("It is written for root.");
        }

        string[] addresses = [$"127.0.0.1:{FreePort.Next()}", $"127.0.0.1:{FreePort.Next()}"];
        string tool = string.Join(' ', SesscbTool.Arguments().Prepend(SesscbTool.Program));
        File.SetUnixFileMode(_folder.Root, File.GetUnixFileMode(_folder.Root) | UnixFileMode.OtherExecute);
        string[] lines = NativeDocument.Block("sh").Replace("/tmp/tls-trial", _folder["trial"], StringComparison.Ordinal).TrimEnd('\n')
            .Split('\n');
        Assert.That(lines[^1], Is.EqualTo("sesscb check 127.0.0.1:8441 127.0.0.1:8442"));
        string script = string.Join('\n', lines[..^1]);
        Assert.That(script, Does.Contain("listen 127.0.0.1:844$n "));
        script = script.Replace("127.0.0.1:844$n", $"$([ $n = 1 ] && echo {addresses[0]} || echo {addresses[1]})", StringComparison.Ordinal)
            .Replace("sesscb run ", $"{tool} run ", StringComparison.Ordinal);

        using System.Diagnostics.Process shell = ChildProcess.Start("/bin/sh", ["-c", "set -e\n" + script + "\nwait"]);
        try
        {
            Task<string> said = shell.StandardError.ReadToEndAsync();
            ProcessResult check = new(1, "", "");
            await Eventually.IsTrueAsync(
                async () => shell.HasExited || (check = await SesscbTool.RunAsync(["check", .. addresses])).Output
                    .EndsWith("check: 8 of 8 resumed\n", StringComparison.Ordinal),
                "sessions do not resume");
            Assert.That(shell.HasExited, Is.False, shell.HasExited ? await said : "");
            Assert.That(check.ExitCode, Is.Zero, check.All);
        }
        finally
        {
            ChildProcess.Kill(shell);
        }
    }

    [GeneratedRegex("""(?:getenv|copy_of|level_of|deadline_of)\((?:getenv\()?"OSSCB_[A-Z_]+"\)""")]
    private static partial Regex Setting();

    [GeneratedRegex(@"\]\(([^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("""(?<!\\)"\s*\n\s*(?:\+ \$?)?"(?!")""")]
    private static partial Regex SplitLiteral();
}
