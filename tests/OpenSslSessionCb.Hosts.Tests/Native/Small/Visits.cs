using System.Globalization;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>What the visits of native/clients/visitor.c came to.</summary>
/// <param name="Answers">The process that answered, and whether it took the session up.</param>
/// <param name="Failures">What the others met.</param>
internal sealed record Visits(IReadOnlyList<(int Process, bool IsResumed)> Answers, IReadOnlyList<string> Failures)
{
    internal int Resumed => Answers.Count(static answer => answer.IsResumed);

    internal int Full => Answers.Count(static answer => !answer.IsResumed);

    /// <summary>Connects so many times in each thread, each time with a new session.</summary>
    internal static Task<Visits> NewAsync(int port, string version, int count = 1, int threads = 1, ClientIdentity? client = null) =>
        RunAsync([port], version, "full", count, threads, 0, client);

    /// <summary>The same with the session of the time before, after one more that makes the first; to one port after the other.</summary>
    internal static Task<Visits> ReturningAsync(IReadOnlyList<int> ports,
        string version, int count = 1, int threads = 1, int pauseMilliseconds = 0, ClientIdentity? client = null) =>
        RunAsync(ports, version, "resume", count, threads, pauseMilliseconds, client);

    /// <summary>Makes a session at the first port until the second resumes it: it gets about in its own time.</summary>
    internal static async Task<int> ResumedByTheOtherAsync(int first, int second, string version, ClientIdentity? client = null)
    {
        int process = 0;
        await Eventually.IsTrueAsync(
            async () =>
            {
                Visits visits = await ReturningAsync([first, second], version, pauseMilliseconds: 100, client: client);
                Assert.That(visits.Failures, Is.Empty);
                process = visits.Answers[0].Process;
                return visits.Resumed == 1;
            },
            "the other resumes the session");
        return process;
    }

    private static async Task<Visits> RunAsync(
        IReadOnlyList<int> ports, string version, string kind, int count, int threads, int pause, ClientIdentity? client)
    {
        string[] identity = client is null ? [] : [client.CertificateFile, client.KeyFile];
        ProcessResult result = await ChildProcess.RunAsync(await SmallPrograms.FindAsync("clients/visitor"),
            [string.Join(',', ports), version, kind, $"{count}", $"{threads}", $"{pause}", .. identity]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")));
        string[] lines = result.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] failures = [.. lines.Where(static line => line.StartsWith("failed", StringComparison.Ordinal))];
        return new Visits([.. lines.Except(failures, ReferenceEqualityComparer.Instance).Cast<string>().Select(Parse)], failures);
    }

    private static (int Process, bool IsResumed) Parse(string line)
    {
        string[] words = line.Split(' ');
        return (int.Parse(words[0], CultureInfo.InvariantCulture), words[1] == "resumed");
    }
}
