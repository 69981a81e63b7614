using Microsoft.Extensions.Time.Testing;

namespace OpenSslSessionCb.AspNetCore.Tests.Page;

[TestFixture]
public sealed class SessionHistoryTests
{
    private readonly FakeTimeProvider _time = new();
    private SessionCacheStatistics? _statistics;
    private int _looks;
    private SessionHistory _history = null!;

    [SetUp]
    public void Begin()
    {
        _statistics = new SessionCacheStatistics { Hits = 100, Misses = 50 };
        _history = new SessionHistory(
            () =>
            {
                _looks++;
                return _statistics;
            },
            _time);
    }

    [TearDown]
    public void End() => _history.Dispose();

    [Test]
    public void Watched_EachSlotHasWhatHappenedInIt()
    {
        _history.Watch();
        Happens(hits: 2, misses: 1);
        _time.Advance(TimeSpan.FromSeconds(1));
        _time.Advance(SessionHistory.SlotLength);
        Happens(hits: 3, misses: 0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(
            _history.Read().Select(static slot => (slot.Ago, slot.Hits, slot.Misses)), Is.EqualTo(new[] { (0, 3L, 0L), (1, 2L, 1L) }));
    }

    [Test]
    public void BeforeTheFirstWatch_NothingIsCounted()
    {
        Happens(hits: 7, misses: 7);
        _history.Watch();

        Assert.That(_history.Read().Select(static slot => (slot.Hits, slot.Misses)), Is.EqualTo(new[] { (0L, 0L) }));
    }

    [Test]
    public void NobodyWatches_ItRests_AndWhatHappensMeanwhileIsLeftOut()
    {
        _history.Watch();
        _time.Advance(SessionHistory.SlotLength * (SessionHistory.SlotCount + 1));
        int looks = _looks;
        Happens(hits: 7, misses: 7);
        _time.Advance(TimeSpan.FromMinutes(10));
        Assert.That(_looks, Is.EqualTo(looks));

        _history.Watch();
        Happens(hits: 1, misses: 0);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_history.Read().Select(static slot => (slot.Hits, slot.Misses)), Is.EqualTo(new[] { (1L, 0L) }));
    }

    [Test]
    public void ThreeMinutesLater_ASlotIsGone()
    {
        _history.Watch();
        Happens(hits: 1, misses: 0);
        for (int i = 0; i < SessionHistory.SlotCount; i++)
        {
            _time.Advance(SessionHistory.SlotLength);
            _history.Watch();
        }

        Assert.That(_history.Read(), Has.Count.EqualTo(SessionHistory.SlotCount));
        _time.Advance(SessionHistory.SlotLength);
        Assert.That(_history.Read().Sum(static slot => slot.Hits), Is.Zero);
    }

    [Test]
    public void NoCache_NoSlots()
    {
        _statistics = null;
        _history.Watch();
        _time.Advance(TimeSpan.FromSeconds(10));

        Assert.That(_history.Read(), Is.Empty);
    }

    [Test]
    public void Disposed_LooksNoMore()
    {
        _history.Watch();
        _history.Dispose();
        int looks = _looks;
        _history.Watch();
        _time.Advance(TimeSpan.FromMinutes(1));

        Assert.That(_looks, Is.EqualTo(looks));
    }

    private void Happens(long hits, long misses) =>
        _statistics = new SessionCacheStatistics { Hits = _statistics!.Hits + hits, Misses = _statistics.Misses + misses };
}
