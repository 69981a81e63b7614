using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a host sets on its contexts while it serves.</summary>
[Platform("Linux")]
public sealed class HostSettingsTests : LeakCheckedTests
{
    [TestCase(0, ExpectedResult = 0)]
    [TestCase(2, ExpectedResult = 1)]
    public long Tickets_OnTls13_AreGivenWhereTheHostGivesAny(int tickets)
    {
        using var nodes = new TwoNodes(LibSsl.TLS1_3_VERSION);
        using var host = new WatchedHost();
        SetTickets(nodes.Server, tickets);
        try
        {
            nodes.Make(host).Dispose();
        }
        catch (InvalidOperationException)
        {
            // The client has no session to offer.
        }

        return nodes.First.Statistics.New;
    }

    [Test]
    public void Connection_ThatIsGivenNoTicketWhereThereWasNoCache_DoesNotResume()
    {
        using var nodes = new TwoNodes(LibSsl.TLS1_2_VERSION);
        using var host = new WatchedHost();
        ContextSetup.CacheMode(nodes.Server, LibSsl.SSL_SESS_CACHE_OFF);
        using ClientSession session = nodes.Make(host);
        Assert.That(nodes.Resumes(host, session, atFirst: true), Is.True, "the control: it gives out tickets");
        ContextSetup.Options(nodes.Server, LibSsl.SSL_OP_NO_TICKET);
        Assert.That(nodes.Resumes(host, session, atFirst: true), Is.False);
    }

    [Test]
    public void InternalCache_SwitchedOnWhileTheHostServes_IsSwitchedOffAgain()
    {
        using var nodes = new TwoNodes(LibSsl.TLS1_2_VERSION);
        using var host = new WatchedHost();
        nodes.Make(host).Dispose();
        ContextSetup.CacheMode(nodes.Server, LibSsl.SSL_SESS_CACHE_SERVER);
        long mode = 0;
        nodes.Make(host, _ => mode = ModeOf(nodes.Server)).Dispose();
        Assert.That(mode & LibSsl.SSL_SESS_CACHE_NO_INTERNAL, Is.EqualTo(LibSsl.SSL_SESS_CACHE_NO_INTERNAL));
    }

    private static unsafe void SetTickets(TlsContext server, int tickets) =>
        _ = LibSsl.SSL_CTX_set_num_tickets(server.Pointer, (nuint)tickets);

    private static unsafe long ModeOf(TlsContext server) => LibSsl.SSL_CTX_get_session_cache_mode(server.Pointer);
}
