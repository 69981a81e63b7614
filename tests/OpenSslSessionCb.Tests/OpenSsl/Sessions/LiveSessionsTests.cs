using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>Counts what was made since the start, and takes off the count only that. No other test may call Start.</summary>
public sealed unsafe class LiveSessionsTests
{
    private SSL_SESSION* _before;

    [OneTimeSetUp]
    public void MakeOneAndStart()
    {
        _before = LibSsl.SSL_SESSION_new();
        LiveSessions.Start();
        LiveSessions.Start();

        // A host's data, in a slot behind that of the counter: from then on the session has one for the counter, too, and nothing is in it.
        int later = LibSsl.SSL_SESSION_get_ex_new_index(default, null, null, null, null);
        Assert.That(LibSsl.SSL_SESSION_set_ex_data(_before, later, (void*)1), Is.EqualTo(1));
    }

    [Test]
    public void Count_SessionsMadeAndFreed_ComesBack()
    {
        long before = LiveSessions.Count;
        SSL_SESSION* session = LibSsl.SSL_SESSION_new();
        SSL_SESSION* copy = LibSsl.SSL_SESSION_dup(session);
        Assert.That(LiveSessions.Count - before, Is.EqualTo(2));

        LibSsl.SSL_SESSION_free(copy);
        LibSsl.SSL_SESSION_free(session);
        Assert.That(LiveSessions.Count, Is.EqualTo(before));
    }

    [Test]
    public void Count_SessionFromBeforeTheStart_ItsCopyCountsAndItselfDoesNot()
    {
        long before = LiveSessions.Count;
        SSL_SESSION* copy = LibSsl.SSL_SESSION_dup(_before);
        Assert.That(LiveSessions.Count - before, Is.EqualTo(1));
        LibSsl.SSL_SESSION_free(copy);
        Assert.That(LiveSessions.Count, Is.EqualTo(before));

        LibSsl.SSL_SESSION_free(_before);
        Assert.That(LiveSessions.Count, Is.EqualTo(before), "it was never counted");
    }
}
