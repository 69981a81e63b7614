using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What a host is told about the end of a handshake, and how often.</summary>
public sealed class WatchedHandshakeTests
{
    [Test]
    public void Done_MoreThanOnce_TheFirstCountsAndTheHostHearsOfItOnce()
    {
        int told = 0;
        var handshake = new WatchedHandshake(() => told++);
        handshake.Begin();
        handshake.Done(resumed: true);
        handshake.Done(resumed: false);

        Assert.That((told, handshake.Resumed), Is.EqualTo((1, true)));
    }
}
