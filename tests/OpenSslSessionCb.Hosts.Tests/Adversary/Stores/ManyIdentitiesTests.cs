using System.Diagnostics;
using System.Security.Cryptography;
using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>One hello of 64 KB, full of ids that are genuine and lead nowhere, while the store is some way off.</summary>
/// <remarks>Guarded by part 6 of issue 9: a handshake has one budget, however much it asks for.</remarks>
public sealed class ManyIdentitiesTests : RedisAdversaryTests
{
    /// <summary>As many as fit.</summary>
    private const int Most = 1700;

    /// <summary>Ids that are looked up in one handshake at most.</summary>
    private const int Budget = 4;

    private const string Site = "site.example";
    private const string OtherName = "other.example";

    private static readonly TimeSpan s_wayToTheStore = TimeSpan.FromMilliseconds(5);

    /// <summary>
    /// Part 6: one id again and again, and after a HelloRetryRequest all of it again; the control is the host alone, which has no store.
    /// </summary>
    [Test]
    public async Task Hello_WithOneGenuineId1700Times_AsksTheStoreFourTimesAndOthersAreServed([Values] Retry retry)
    {
        (NativeHost host, byte[] id) = await PrepareAsync();

        int questions = await AttackAsync(host, [.. Enumerable.Repeat(id, Most)], retry);

        Assert.That(questions, Is.LessThanOrEqualTo(Budget));
    }

    /// <summary>Part 6: ids that are all different, each of them genuine.</summary>
    [Test]
    public async Task Hello_WithManyGenuineIds_AsksTheStoreFourTimes([Values] Retry retry)
    {
        const int Ids = 12;
        (NativeHost host, _) = await PrepareAsync(Ids);
        byte[][] ids = [.. Enumerable.Range(0, Ids).Select(number => SessionFile.IdOf(Setup.Folder[$"session{number}"]))];

        int questions = await AttackAsync(host, ids, retry);

        Assert.That(questions, Is.LessThanOrEqualTo(Budget));
    }

    /// <summary>Whether the server is brought to ask for a second hello, which a rogue need not fill as the first.</summary>
    public enum Retry
    {
        No,
        WithTheSameRandom,
        WithAnotherRandom,
    }

    /// <summary>
    /// A neighbour has made sessions, which are in the store; the host's worker is warm, finds what is there, and knows both names.
    /// </summary>
    private async Task<(NativeHost Host, byte[] Id)> PrepareAsync(int ids = 1)
    {
        NativeHost maker = await StartAsync("maker");
        NativeHost host = await StartAsync("host");
        await MakeSessionAsync(maker.Port, Setup.Folder["first"], "-tls1_3", "-servername", Site);
        for (int number = 0; number < ids; number++)
        {
            await MakeSessionAsync(maker.Port, Setup.Folder[$"session{number}"], "-tls1_3", "-servername", Site);
        }

        await MakeSessionAsync(maker.Port, Setup.Folder["proof"], "-tls1_3", "-servername", Site);
        Assert.That(
            await ComesToResumeAsync(host.Port, Setup.Folder["proof"], "-tls1_3", "-servername", Site), Is.True, "or this proves nothing");
        for (int visit = 0; visit < 2; visit++)
        {
            Assert.That((await Visit.ToAsync(host.Port, "-tls1_3", "-servername", OtherName)).IsServed, Is.True);
        }

        return (host, SessionFile.IdOf(Setup.Folder["session0"]));
    }

    private async Task<int> AttackAsync(NativeHost host, IReadOnlyList<byte[]> identities, Retry retry)
    {
        Proxy.Delay = s_wayToTheStore;
        await Redis.ForgetCountsAsync();
        var hello = new RawHello(OtherName) { IsTls13 = true, Identities = identities, HasKeyShare = retry == Retry.No };
        using RawPeer rogue = await RawPeer.ConnectAsync(host.Port);
        await rogue.SendAsync(hello);
        var clock = Stopwatch.StartNew();

        Task<Visit> honest = Visit.ToAsync(host.Port, "-tls1_3", "-servername", Site);
        await rogue.ReadServerHelloAsync();
        if (retry != Retry.No)
        {
            byte[] random = retry == Retry.WithAnotherRandom ? RandomNumberGenerator.GetBytes(32) : hello.Random;
            await rogue.SendAsync(hello with { HasKeyShare = true, Random = random });
            await rogue.ReadServerHelloAsync();
        }

        TimeSpan answered = clock.Elapsed;
        Visit visit = await honest;
        TimeSpan served = clock.Elapsed;
        int questions = await Redis.QuestionsAsync();
        await TestContext.Out.WriteLineAsync($"{questions} questions to the store; the hello was answered after "
            + $"{answered.TotalMilliseconds:0} ms, the honest client's page had come after {served.TotalMilliseconds:0} ms");
        Assert.That((visit.IsServed, visit.Process > 0), Is.EqualTo((true, true)), visit.All);
        return questions;
    }
}
