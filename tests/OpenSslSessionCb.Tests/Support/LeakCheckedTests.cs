using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A fixture that must leave no SSL_SESSION alive and no error in libcrypto's queue.</summary>
public abstract class LeakCheckedTests
{
    private long _before;

    [OneTimeSetUp]
    public void CountSessions() => _before = LiveSessionCount.Now;

    [TearDown]
    public void ForgetErrors()
    {
        // A failed handshake leaves its reasons there, as libssl means it to; what we add is checked where it would arise.
        LibCrypto.ERR_clear_error();
    }

    [OneTimeTearDown]
    public void NoSessionIsLeft()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        Assert.That(LiveSessionCount.Now, Is.EqualTo(_before), "SSL_SESSIONs alive after the fixture, against before it");
    }
}
