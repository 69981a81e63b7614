using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A fixture whose tests each leave no SSL_SESSION alive and no error in libcrypto's queue.</summary>
/// <remarks>After each test, because a failure after the last one belongs to no test, and the run passes all the same.</remarks>
public abstract class LeakCheckedTests
{
    private long _before;

    [SetUp]
    public void CountSessions() => _before = LiveSessionCount.Now;

    [TearDown]
    public void NoSessionIsLeft()
    {
        // A failed handshake leaves its reasons there, as libssl means it to; what we add is checked where it would arise.
        LibCrypto.ERR_clear_error();
        for (int i = 0; i < 3 && LiveSessionCount.Now != _before; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.That(LiveSessionCount.Now, Is.EqualTo(_before), "SSL_SESSIONs alive after the test, against before it");
    }
}
