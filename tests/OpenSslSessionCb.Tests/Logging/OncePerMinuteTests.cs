using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

[TestFixture]
public sealed class OncePerMinuteTests
{
    [Test]
    public void TryTake_WithinTheMinute_OnlyTheFirst()
    {
        var minute = new OncePerMinute();

        Assert.That(new[] { minute.TryTake(5), minute.TryTake(5), minute.TryTake(60_004) }, Is.EqualTo(new[] { true, false, false }));
    }

    [Test]
    public void TryTake_AMinuteLater_Again()
    {
        var minute = new OncePerMinute();

        Assert.That(new[] { minute.TryTake(5), minute.TryTake(60_005), minute.TryTake(60_006), minute.TryTake(3_600_000) },
            Is.EqualTo(new[] { true, true, false, true }));
    }

    [Test]
    public void TryTake_ByManyAtOnce_OneOnly()
    {
        for (int round = 0; round < 100; round++)
        {
            var minute = new OncePerMinute[1];
            int taken = 0;

            Parallel.For(0, 64, _ => Interlocked.Add(ref taken, minute[0].TryTake(1) ? 1 : 0));

            Assert.That(taken, Is.EqualTo(1));
        }
    }
}
