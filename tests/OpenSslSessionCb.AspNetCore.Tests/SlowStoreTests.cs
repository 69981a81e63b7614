using System.Globalization;
using System.Text.RegularExpressions;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

/// <summary>A node whose store needs 200 ms, in a process of its own; each of its sessions comes from the store.</summary>
[TestFixture]
[Platform("Linux")]
[Parallelizable(ParallelScope.Self)]
public sealed partial class SlowStoreTests
{
    private const int Count = 500;
    private const int MostThreads = 40;

    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(200);

    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public async Task Handshakes_500WaitingAtOnce_ResumeOnFewerThan40Threads(
        [Values("kestrel", "sslstream")] string kind, [Values("1.2", "1.3")] string version)
    {
        (int threads, int waiting, int late, int resumed, int known) = await ComeBackTogetherAsync(kind, version);

        Assert.That(threads, Is.Positive.And.LessThan(MostThreads));
        // Not all of them: a slow machine takes longer for their hellos than the store for its answers.
        Assert.That(waiting, Is.GreaterThanOrEqualTo(3 * MostThreads), "or few threads would prove nothing");

        // On a machine full of other work an answer may need more than the second that the deadline is at most.
        Assert.That(late, Is.LessThanOrEqualTo(Count / 20));
        Assert.That((resumed, known), Is.EqualTo((Count - late, Count - late)));
    }

    [Test]
    public async Task Handshakes_WithoutLookingAhead_HoldAThreadEachWhileTheyWait()
    {
        (_, int waiting, _, _, int known) = await ComeBackTogetherAsync("kestrel-alone", "1.3");

        Assert.That(waiting, Is.LessThan(150), "or the test above proves nothing");
        Assert.That(known, Is.Zero);
    }

    [Test]
    public async Task HelloRetryRequest_ResumesAndItIsKnown([Values("kestrel", "sslstream")] string kind)
    {
        const string OnlyP384 = """
            openssl_conf = configuration
            [configuration]
            ssl_conf = tls
            [tls]
            system_default = groups
            [groups]
            Groups = P-384
            """;
        using SlowStoreNode node = await SlowStoreNode.StartAsync(_folder, kind, s_delay, OnlyP384);
        using var client = new RawTlsClient("1.3", "P-256:P-384");
        using RawTlsVisit first = await client.VisitAsync(node.EndPoint);
        using RawTlsVisit second = await client.VisitAsync(node.EndPoint, first);

        Assert.That((first.Resumed, second.Resumed), Is.EqualTo((false, true)));
        Assert.That(first.Answer, Does.Contain("resumed False"));
        Assert.That(second.Answer, Does.Contain("resumed True"));
    }

    /// <summary>500 clients make a session each, and then offer it all at once: what that takes, and how many resume.</summary>
    private async Task<(int Threads, int Waiting, int Late, int Resumed, int Known)> ComeBackTogetherAsync(string kind, string version)
    {
        using SlowStoreNode node = await SlowStoreNode.StartAsync(_folder, kind, s_delay);
        using var client = new RawTlsClient(version);
        RawTlsVisit[] first = await VisitAsync(client, node, Enumerable.Repeat<RawTlsVisit?>(null, Count), together: false);
        Assert.That(first.Count(static visit => visit.Resumed), Is.Zero);
        await Eventually.IsTrueAsync(
            async () => (await ReadAsync(client, node)).Sessions >= Count, "the sessions do not come to the store");

        int threads = 0;
        using var isOver = new CancellationTokenSource();
        Task watching = Task.Run(async () =>
        {
            while (!isOver.IsCancellationRequested)
            {
                threads = Math.Max(threads, node.Threads);
                await Task.Delay(5);
            }
        });
        RawTlsVisit[] second = await VisitAsync(client, node, first, together: true);
        await isOver.CancelAsync();
        await watching;

        (int waiting, _, int late) = await ReadAsync(client, node);
        int resumed = second.Count(static visit => visit.Resumed);
        int known = second.Count(static visit => visit.Answer.Contains("resumed True", StringComparison.Ordinal));
        TestContext.Out.WriteLine($"{kind}, TLS {version}: {threads} threads at most, {waiting} handshakes waiting at "
            + $"once, {late} answers late, {resumed} resumed");
        Array.ForEach([.. first, .. second], static visit => visit.Dispose());
        return (threads, waiting, late, resumed, known);
    }

    /// <summary>All at once say hello together, when all are connected; otherwise 20 at a time come and go.</summary>
    private static async Task<RawTlsVisit[]> VisitAsync(
        RawTlsClient client, SlowStoreNode node, IEnumerable<RawTlsVisit?> offers, bool together)
    {
        using var places = new SemaphoreSlim(together ? Count : 20);
        var allAreConnected = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        int connected = 0;
        return await Task.WhenAll(offers.Select(async offer =>
        {
            await places.WaitAsync();
            try
            {
                return await client.VisitAsync(node.EndPoint, offer, start: together ? WaitForAllAsync : null);
            }
            finally
            {
                places.Release();
            }
        }));

        Task WaitForAllAsync()
        {
            if (Interlocked.Increment(ref connected) == Count)
            {
                allAreConnected.SetResult();
            }

            return allAreConnected.Task;
        }
    }

    private static async Task<(int Waiting, int Sessions, int Late)> ReadAsync(RawTlsClient client, SlowStoreNode node)
    {
        using RawTlsVisit visit = await client.VisitAsync(node.EndPoint);
        Match numbers = Numbers().Match(visit.Answer);
        return (Number(2), Number(3), Number(1));

        int Number(int group) => int.Parse(numbers.Groups[group].Value, CultureInfo.InvariantCulture);
    }

    [GeneratedRegex(" Late = ([0-9]+),.*\nresumed [a-zA-Z]*, waiting ([0-9]+), sessions ([0-9]+)")]
    private static partial Regex Numbers();
}
