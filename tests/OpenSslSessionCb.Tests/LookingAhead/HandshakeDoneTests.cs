using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>What a host is told about the end of a handshake, and how often.</summary>
public sealed class HandshakeDoneTests
{
    [Test]
    public async Task HandshakeDone_MoreThanOnce_TheFirstCountsAndTheHostHearsOfItOnce()
    {
        await using var cache = new SessionCache(new MemorySessionStore());
        int told = 0;
        var lookAhead = new SessionLookAhead(cache, _ => told++);
        lookAhead.HandshakeDone(resumed: true);
        lookAhead.HandshakeDone(resumed: false);

        Assert.That((told, lookAhead.Resumed), Is.EqualTo((1, true)));
    }
}
