using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a watcher has seen a host set decides what can be known of its connections; what it cannot see counts as set.</summary>
[Platform("Linux")]
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class HostCallbacksTests(int version) : LeakCheckedTests
{
    [TestCase(0, ExpectedResult = false, Description = "The host calls libssl out of the watcher's sight.")]
    [TestCase(1, ExpectedResult = true)]
    [TestCase(1 | 8, ExpectedResult = false, Description = "It judges clients itself.")]
    public bool ClientCertificate_WhereTheHostMayJudgeInAWayThatCannotBeAsked_IsNotKept(int flags)
    {
        using var nodes = new TwoNodes(version, mutual: true);
        using var host = new WatchedHost(flags: flags);
        nodes.Make(host).Dispose();
        return nodes.Kept > 0;
    }

    [TestCase(1, ExpectedResult = true, Description = "No callback can move it.")]
    [TestCase(0, ExpectedResult = false)]
    [TestCase(1 | 2, ExpectedResult = false, Description = "The server name may.")]
    [TestCase(1 | 4, ExpectedResult = false, Description = "Its certificate may be another.")]
    public bool SecondConnection_OfAProcessThatKnowsNoName_ResumesWhereAllStays(int flags)
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost(flags: flags);
        using ClientSession session = nodes.Make(host);
        return nodes.Resumes(host, session);
    }
}
