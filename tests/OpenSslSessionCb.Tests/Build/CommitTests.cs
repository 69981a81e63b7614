using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>A commit's subject is read whole in a list of commits, and in a mail.</summary>
public sealed class CommitTests
{
    private const int MaxSubjectLength = 72;

    // Those before were not asked to.
    private const string LastBeforeTheRule = "c4d6cc95ce79ddf6e41543dfcc6ca8ca34f4adac";

    [Test]
    public void Subjects_SinceTheRule_HaveAtMost72Characters()
    {
        string[] tooLong =
        [
            .. GitOrIgnore("log", "--format=%h %s", LastBeforeTheRule + "..HEAD").Split('\n')
                .Where(static line => line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..].Length > MaxSubjectLength),
        ];
        Assert.That(tooLong, Is.Empty);
    }

    private static string GitOrIgnore(params IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo("git", ["-C", Repository.Root, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process git = Process.Start(start)!;
            Task<string> errors = git.StandardError.ReadToEndAsync();
            string output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            if (git.ExitCode != 0)
            {
                Assert.Ignore("The commits' subjects were not looked at: this is no clone, or one that does not go back "
                    + $"to {LastBeforeTheRule[..7]} ({errors.Result.Trim().Split('\n')[0]}).");
            }

            return output;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Ignore("The commits' subjects were not looked at: git is not installed.");
            return "";
        }
    }
}
