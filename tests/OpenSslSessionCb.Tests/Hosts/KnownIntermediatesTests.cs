using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>Which lists of certificates are known, and that nothing else is taken for one.</summary>
public sealed class KnownIntermediatesTests
{
    private static readonly byte[] s_short = [0x30, 2, 5, 0];
    private static readonly byte[] s_middle = [0x30, 0x81, 200, .. new byte[200]];
    private static readonly byte[] s_long = [0x30, 0x82, 1, 44, .. new byte[300]];

    private readonly KnownIntermediates _known = new([s_short, s_middle, s_long]);

    [Test]
    public void Cover_AllInAnyOrder_IsTrue()
    {
        Assert.That(_known.Cover([.. s_long, .. s_short, .. s_middle, .. s_short]), Is.True);
        Assert.That(_known.Cover([]), Is.True);
    }

    [Test]
    public void Cover_OneIsUnknown_IsFalse() =>
        Assert.That(new KnownIntermediates([s_short]).Cover([.. s_short, .. s_middle]), Is.False);

    [TestCase(1)]
    [TestCase(3)]
    [TestCase(150)]
    public void Cover_Cut_IsFalse(int length) => Assert.That(_known.Cover(s_middle.AsSpan(0, length)), Is.False);

    [Test]
    public void Cover_SomethingElse_IsFalse()
    {
        Assert.That(_known.Cover([0x31, 2, 5, 0]), Is.False);
        Assert.That(_known.Cover([0x30, 0x84, 0, 0, 0, 0]), Is.False);
        Assert.That(_known.Cover([.. s_short, 0]), Is.False);
    }
}
