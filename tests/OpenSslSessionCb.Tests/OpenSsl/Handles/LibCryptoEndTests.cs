using System.Reflection;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>The host takes libcrypto down: who is inside is waited for, and nobody comes in any more.</summary>
public sealed class LibCryptoEndTests
{
    [TearDown]
    public void BeginAnew() =>
        typeof(LibCryptoUse).GetField("s_hasEnded", BindingFlags.NonPublic | BindingFlags.Static)!.SetValue(null, false);

    [Test]
    public void TryEnter_AfterTheEnd_NobodyComesIn()
    {
        Assert.That(LibCryptoUse.End(TimeSpan.FromSeconds(10)), Is.True, "nobody is inside");
        bool hasEntered = LibCryptoUse.TryEnter();
        if (hasEntered)
        {
            LibCryptoUse.Leave();
        }

        Assert.That(hasEntered, Is.False);
        Assert.That(LibCryptoUse.End(TimeSpan.FromSeconds(10)), Is.True, "who was turned away is not waited for");
    }

    [Test]
    public void End_SomebodyIsInside_IsWaitedFor()
    {
        Assert.That(LibCryptoUse.TryEnter(), Is.True);
        Assert.That(LibCryptoUse.End(TimeSpan.FromMilliseconds(50)), Is.False);
        LibCryptoUse.Leave();

        Assert.That(LibCryptoUse.End(TimeSpan.FromSeconds(10)), Is.True);
    }
}
