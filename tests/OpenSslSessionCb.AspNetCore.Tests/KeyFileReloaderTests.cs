using Microsoft.Extensions.Time.Testing;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests;

[TestFixture]
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
        using var log = new LogLines();
        using var reloader = new KeyFileReloader(ring, s_interval, _time, log);
        SessionKeyRing.Rotate(_folder["keys"]);

        _time.Advance(s_interval - TimeSpan.FromSeconds(1));
        int before = ring.KeyCount;
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That((before, ring.KeyCount), Is.EqualTo((2, 3)));
        Assert.That(log.Warnings, Is.Empty);
    }

    [Test]
    public void RefusedFile_IsLogged_AndTheKeysStay()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["keys"]);
        using var log = new LogLines();
        using var reloader = new KeyFileReloader(ring, s_interval, _time, log);
        _folder.Write("keys", "no key at all\n");

        _time.Advance(s_interval);

        Assert.That(ring.KeyCount, Is.EqualTo(2));
        Assert.That(log.Warnings.Single(), Does.StartWith("The key file was not read again, and the keys stay as they were: The key ring ")
            .And.Not.Contain("no key at all"));
    }
}
