using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>For how long, and of how many sessions, it is remembered that their client was turned away.</summary>
public sealed class RemovedSessionsTests
{
    private const int Generation = 8192;

    private readonly FakeTimeProvider _clock = new();

    [Test]
    public void Contains_AfterItsTime_IsFalseAndItCanBeAddedAgain()
    {
        var sessions = new RemovedSessions(_clock);
        Assert.That((sessions.Contains(Id(1)), sessions.TryAdd(Id(1)), sessions.TryAdd(Id(1))), Is.EqualTo((false, true, false)));

        _clock.Advance(RemovedSessions.Lifetime / 2);
        Assert.That((sessions.TryAdd(Id(2)), sessions.Contains(Id(1))), Is.EqualTo((true, true)));
        _clock.Advance(RemovedSessions.Lifetime / 2);
        Assert.That((sessions.Contains(Id(1)), sessions.Contains(Id(2))), Is.EqualTo((false, true)));
        Assert.That((sessions.TryAdd(Id(1)), sessions.Contains(Id(1))), Is.EqualTo((true, true)));
    }

    [Test]
    public void Contains_AfterAFlood_RemembersTheLastOnesAndNotAll()
    {
        var sessions = new RemovedSessions(_clock);
        for (int i = 0; i < 3 * Generation; i++)
        {
            sessions.TryAdd(Id(i));
        }

        int known = Enumerable.Range(0, 3 * Generation).Count(i => sessions.Contains(Id(i)));
        Assert.That(known, Is.InRange(Generation, 2 * Generation));
        Assert.That(Enumerable.Range(2 * Generation, Generation).All(i => sessions.Contains(Id(i))), Is.True);
    }

    private static SslSessionId Id(int number) => new(BitConverter.GetBytes(number));
}
