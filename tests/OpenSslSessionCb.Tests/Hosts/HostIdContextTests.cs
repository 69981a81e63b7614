using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// Ours takes the place of a host's session id context. Where the host keeps its clients apart by it, they stay apart; where it is what
/// any server sets, they come together.
/// </summary>
[Platform("Linux")]
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class HostIdContextTests(int version) : LeakCheckedTests
{
    [TestCase("apple", "apple", ExpectedResult = true)]
    [TestCase("apple", "pear", ExpectedResult = false)]
    [TestCase("apple", "apples", ExpectedResult = false)]
    [TestCase(null, "apple", ExpectedResult = false, Description = "It belongs to none of them.")]
    [TestCase("apple", null, ExpectedResult = true, Description = "Where nothing is kept apart.")]
    public bool Session_OfAnotherConnectionsIdContext(string? made, string? offered)
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost();
        host.KeepApart(null, made);
        using ClientSession session = nodes.Make(host);
        host.KeepApart(null, offered);
        return nodes.Resumes(host, session);
    }

    [TestCase("apple", "pear", false, ExpectedResult = true, Description = "Each node has one: any server sets one.")]
    [TestCase("apple", "pear", true, ExpectedResult = false)]
    [TestCase("apple", "apple", true, ExpectedResult = true)]
    public bool Session_OfAnotherContextsIdContext(string made, string offered, bool hasSeveral)
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost();
        host.KeepApart(made, null);
        using ClientSession session = nodes.Make(host);
        host.KeepApart(offered, null);
        host.HasSeveralIdContexts = hasSeveral;
        return nodes.Resumes(host, session);
    }

    [TestCase("server", "nginx", false, ExpectedResult = true, Description = "It has several, none of which can be compared.")]
    [TestCase("server", "nginx", true, ExpectedResult = false)]
    [TestCase("apache2", "nginx", true, ExpectedResult = true, Description = "Its are addresses.")]
    [TestCase("apache2", "apache2", true, ExpectedResult = true)]
    public bool Session_OfAProgram(string program, string maker, bool byConnection)
    {
        using var nodes = new TwoNodes(version);
        ClientSession session;
        using (var other = new WatchedHost(maker))
        {
            other.KeepApart("HTTP", null);
            session = nodes.Make(other);
        }

        using (session)
        using (var host = new WatchedHost(program))
        {
            host.KeepApart("apple", byConnection ? "apple" : null);
            host.HasSeveralIdContexts = true;
            return nodes.Resumes(host, session);
        }
    }

    /// <summary>Also from this process's own memory.</summary>
    [Test]
    public void Session_OfAnotherIdContext_IsRefusedWithoutTheStore()
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost();
        host.KeepApart(null, "apple");
        using ClientSession session = nodes.Make(host);
        host.KeepApart(null, "pear");
        Assert.That(nodes.Resumes(host, session, atFirst: true), Is.False);
        Assert.That(nodes.First.Statistics.RejectedByReason[nameof(RecordProblem.OtherScope)], Is.EqualTo(1));
        host.KeepApart(null, "apple");
        Assert.That(nodes.Resumes(host, session, atFirst: true), Is.True);
    }

    /// <summary>The verify callback is asked for each of them by itself: it may answer by the connection.</summary>
    [Test]
    public void Places_OfTwoIdContexts_AreTwo()
    {
        using var host = new WatchedHost();
        host.KeepApart("apple", null);
        var places = new HashSet<HostIdContext>();
        using var nodes = new TwoNodes(version);
        foreach (bool hasSeveral in (bool[])[false, true])
        {
            host.HasSeveralIdContexts = hasSeveral;
            nodes.Make(host, session => places.Add(PlaceOf(nodes))).Dispose();
        }

        Assert.That(places, Is.EquivalentTo(new[]
        {
            default, new HostIdContext(IdContext.Of("apple"u8), IsConnectionsOwn: false),
        }));
    }

    private static unsafe HostIdContext PlaceOf(TwoNodes nodes)
    {
        SSL* ssl = LibSsl.SSL_new(nodes.Server.Pointer);
        var setup = ConnectionSetup.Of(ssl, isOff: false);
        LibSsl.SSL_free(ssl);
        return setup.IdContext;
    }
}
