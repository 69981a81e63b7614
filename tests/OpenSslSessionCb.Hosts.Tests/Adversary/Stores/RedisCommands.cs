using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>What a Redis has been told, and its keys, by way of redis-cli.</summary>
internal static class RedisCommands
{
    /// <summary>Every command by which a store could ask for a record.</summary>
    private static readonly string[] s_questions = ["get", "getdel", "getex", "getrange", "substr", "mget", "strlen", "eval", "evalsha"];

    /// <summary>Every command by which it could remove one without asking.</summary>
    private static readonly string[] s_removals = ["del", "unlink", "expire", "pexpire"];

    internal static Task ForgetCountsAsync(this ServerProcess redis) => redis.AskAsync("CONFIG", "RESETSTAT");

    internal static Task<int> QuestionsAsync(this ServerProcess redis) => redis.CallsAsync(s_questions);

    internal static Task<int> RemovalsAsync(this ServerProcess redis) => redis.CallsAsync(s_removals);

    internal static Task<int> PutsAsync(this ServerProcess redis) => redis.CallsAsync("set", "setex", "psetex");

    internal static async Task<string[]> KeysAsync(this ServerProcess redis) =>
        (await redis.AskAsync("--scan")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    internal static async Task<string> AskAsync(this ServerProcess redis, params string[] words)
    {
        ProcessResult result = await ChildProcess.RunAsync("redis-cli", ["-p", $"{redis.Port}", .. words]);
        Assert.That((result.ExitCode, result.Errors), Is.EqualTo((0, "")), result.Output);
        Assert.That(result.Output, Does.Not.StartWith("ERR"), string.Join(' ', words));
        return result.Output;
    }

    private static async Task<int> CallsAsync(this ServerProcess redis, params string[] commands)
    {
        string statistics = await redis.AskAsync("INFO", "commandstats");
        return commands.Sum(command => Regex.Match(statistics, $@"^cmdstat_{command}:calls=(\d+),", RegexOptions.Multiline) is
        { Success: true } match
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : 0);
    }
}
