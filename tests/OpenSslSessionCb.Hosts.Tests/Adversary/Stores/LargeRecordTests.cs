using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Somebody who can write to the store puts something very large where a session was.</summary>
/// <remarks>Guarded by part 7 of issue 9: a record is bounded before it is read.</remarks>
public sealed class LargeRecordTests : RedisAdversaryTests
{
    private const int Length = 32 * 1024 * 1024;
    private const int Sessions = 3;

    /// <summary>Part 7. As long as no record is near, the host does without it, and nothing of it is transferred.</summary>
    [Test]
    public async Task Record_Of32Megabytes_IsAMissAndTheWorkerLives([Values("-tls1_2", "-tls1_3")] string version)
    {
        string[] options = [version, "-noservername"];
        NativeHost maker = await StartAsync("maker");
        NativeHost host = await StartAsync("host");
        for (int session = 0; session < Sessions; session++)
        {
            await MakeSessionAsync(maker.Port, Setup.Folder[$"session{session}"], options);
        }

        await MakeSessionAsync(maker.Port, Setup.Folder["proof"], options);
        Assert.That(await ComesToResumeAsync(host.Port, Setup.Folder["proof"], options), Is.True, "or this proves nothing");
        int worker = (await Visit.ToAsync(host.Port, options)).Process;
        string[] keys = await Redis.KeysAsync();
        Assert.That(keys, Has.Length.GreaterThanOrEqualTo(Sessions));
        foreach (string key in keys)
        {
            // The genuine record, and zeros after it.
            await Redis.AskAsync("SETRANGE", key, $"{Length - 1}", "x");
        }

        await Redis.ForgetCountsAsync();
        long before = await SentByRedisAsync();
        for (int session = 0; session < Sessions; session++)
        {
            Visit visit = await Visit.ToAsync(host.Port, [.. options, "-sess_in", Setup.Folder[$"session{session}"]]);
            Assert.That((visit.IsServed, visit.IsResumed, visit.Process), Is.EqualTo((true, false, worker)),
                visit.All + AdversaryNginx.LogOf(Farm, "host") + await File.ReadAllTextAsync(Setup.Log));
        }

        long sent = await SentByRedisAsync() - before;
        using (Assert.EnterMultipleScope())
        {
            Assert.That(await Redis.QuestionsAsync(), Is.Positive, "or this proves nothing");
            Assert.That(sent, Is.LessThan(Length / 8), "bytes that the store has sent");
            Assert.That(AdversaryNginx.LogOf(Farm, "host"), Does.Not.Contain("exited").And.Not.Contain("[alert]"));
        }

        // The store is none the worse for those that came later.
        await MakeSessionAsync(maker.Port, Setup.Folder["later"], options);
        Assert.That(
            await ComesToResumeAsync(host.Port, Setup.Folder["later"], options), Is.True, await File.ReadAllTextAsync(Setup.Log));
        Assert.That((await Visit.ToAsync(host.Port, options)).Process, Is.EqualTo(worker));
    }

    private async Task<long> SentByRedisAsync()
    {
        string statistics = await Redis.AskAsync("INFO", "stats");
        string line = statistics.Split('\n').Single(static line => line.StartsWith("total_net_output_bytes:", StringComparison.Ordinal));
        return long.Parse(line.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
