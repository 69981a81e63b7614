using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>A key file that is read again and again.</summary>
[Platform("Linux")]
public sealed class KeyFileReloaderTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private TemporaryFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new TemporaryFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Dispose();

    [Test]
    public void RotatedFile_ComesIntoUse_AfterTheInterval()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["keys"]);
        var log = new CollectingLogger();
        using IDisposable reloading = ring.ReloadEvery(s_interval, log, _time);
        SessionKeyRing.Rotate(_folder["keys"]);

        _time.Advance(s_interval - TimeSpan.FromSeconds(1));
        int before = ring.KeyCount;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((before, ring.KeyCount), Is.EqualTo((2, 3)));
        Assert.That(log.Lines, Has.All.StartsWith("The key file has changed"));
    }

    [Test]
    public void RefusedFile_IsLoggedOnce_AndTheKeysStay()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["keys"]);
        var log = new CollectingLogger();
        using IDisposable reloading = ring.ReloadEvery(s_interval, log, _time);
        _folder.Write("keys", "no key at all\n");

        _time.Advance(s_interval);
        _time.Advance(s_interval);

        Assert.That(ring.KeyCount, Is.EqualTo(2));
        Assert.That(log.Lines.Single(), Does.StartWith("The key file was not read again, and the keys stay as they were: The key ring ")
            .And.Not.Contain("no key at all"));
    }

    [Test]
    public void Reloading_DisposedOf_ReadsNoMore()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["keys"]);
        ring.ReloadEvery(s_interval, time: _time).Dispose();
        SessionKeyRing.Rotate(_folder["keys"]);
        _time.Advance(s_interval);

        Assert.That(ring.KeyCount, Is.EqualTo(2));
    }

    [TestCase(0.5)]
    [TestCase(24 * 3600 + 1)]
    public void Interval_OutOfRange_IsRefused(double seconds)
    {
        using SessionKeyRing ring = SessionKeyRing.Generate();
        Assert.That(() => ring.ReloadEvery(TimeSpan.FromSeconds(seconds)), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
