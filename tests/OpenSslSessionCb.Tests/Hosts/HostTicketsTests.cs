using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A host that puts data into its tickets and judges those who come back with one is asked about our sessions, too.</summary>
[Platform("Linux")]
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed unsafe class HostTicketsTests(int version) : LeakCheckedTests
{
    private static int s_made = 1;
    private static int s_answer;
    private static string s_seen = "";
    private static Action s_duringJudging = static () => { };

    [SetUp]
    public void Forget()
    {
        s_made = 1;
        s_answer = LibSsl.SSL_TICKET_RETURN_USE;
        s_seen = "";
        s_duringJudging = static () => { };
    }

    [TestCase(LibSsl.SSL_TICKET_RETURN_USE, ExpectedResult = true)]
    [TestCase(LibSsl.SSL_TICKET_RETURN_USE_RENEW, ExpectedResult = true)]
    [TestCase(0, ExpectedResult = false, Description = "SSL_TICKET_RETURN_ABORT")]
    [TestCase(1, ExpectedResult = false, Description = "SSL_TICKET_RETURN_IGNORE")]
    [TestCase(2, ExpectedResult = false, Description = "SSL_TICKET_RETURN_IGNORE_RENEW")]
    public bool Session_ThatTheHostJudges(int answer)
    {
        using var nodes = new TwoNodes(version);
        using WatchedHost host = Judging("server", nodes);
        using ClientSession session = nodes.Make(host);
        s_answer = answer;
        bool resumed = nodes.Resumes(host, session);
        Assert.That(s_seen, Is.EqualTo("alice"), "the host's own data");
        Assert.That(nodes.Second.Statistics.RejectedByReason[nameof(RecordProblem.HostRefused)], Is.EqualTo(resumed ? 0 : 1));
        return resumed;
    }

    [TestCase("server", "other", ExpectedResult = false, Description = "It cannot be judged.")]
    [TestCase("stunnel4", "other", ExpectedResult = true, Description = "Its tickets say what is on the session.")]
    [TestCase("stunnel4", "stunnel4", ExpectedResult = true)]
    public bool Session_OfAProgram(string program, string maker)
    {
        using var nodes = new TwoNodes(version);
        ClientSession session;
        using (var other = new WatchedHost(maker))
        {
            session = nodes.Make(other);
        }

        using (session)
        using (WatchedHost host = Judging(program, nodes))
        {
            bool resumed = nodes.Resumes(host, session);
            Assert.That(s_seen, Is.EqualTo(program == maker ? "nothing" : ""), "whether it is asked");
            return resumed;
        }
    }

    [Test]
    public void Session_ThatTheHostPutsNothingInto_IsNotKept()
    {
        using var nodes = new TwoNodes(version);
        using WatchedHost host = Judging("server", nodes);
        s_made = 0;
        if (version == LibSsl.TLS1_3_VERSION)
        {
            Assert.That(() => nodes.Make(host), Throws.InvalidOperationException, "libssl itself ends the connection");
            return;
        }

        nodes.Make(host).Dispose();
        Assert.That(nodes.Kept, Is.Zero);
    }

    [Test]
    public void Session_ThatTheHostNotesSomethingOn_IsRemoved([Values("server", "stunnel")] string program)
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost(program);
        using ClientSession session = nodes.Make(host, made => nodes.First.ForgetIfKnown(IdOf(made), isOnlyNoted: true));
        nodes.First.ForgetIfKnown(new SslSessionId(new byte[32]), isOnlyNoted: true);
        bool isRemoved = program == "server";
        Assert.That(nodes.First.Statistics.Removed, Is.EqualTo(isRemoved ? 1 : 0));
        Assert.That(nodes.Resumes(host, session), Is.EqualTo(!isRemoved), "from the store");
        Assert.That(nodes.Resumes(host, session, atFirst: true), Is.EqualTo(!isRemoved), "from memory");
    }

    [Test]
    public void Session_ThatTheHostTakesBack_IsRemoved([Values("server", "stunnel")] string program)
    {
        using var nodes = new TwoNodes(version);
        using var host = new WatchedHost(program);
        using ClientSession session = nodes.Make(host, made => nodes.First.ForgetIfKnown(IdOf(made), isOnlyNoted: false));
        Assert.That(nodes.First.Statistics.Removed, Is.EqualTo(1));
        Assert.That(nodes.Resumes(host, session), Is.False);
    }

    /// <summary>What it puts back while it judges is what it had there.</summary>
    [Test]
    public void Session_ThatTheHostNotesSomethingOnWhileItJudges_Stays()
    {
        using var nodes = new TwoNodes(version);
        using WatchedHost host = Judging("server", nodes);
        SslSessionId id = default;
        using ClientSession session = nodes.Make(host, made => id = IdOf(made));
        s_duringJudging = () => nodes.Second.ForgetIfKnown(id, isOnlyNoted: true);
        Assert.That(nodes.Resumes(host, session), Is.True);
        Assert.That(nodes.Second.Statistics.Removed, Is.Zero);
        nodes.Second.ForgetIfKnown(id, isOnlyNoted: true);
        Assert.That(nodes.Second.Statistics.Removed, Is.EqualTo(1), "afterwards");
    }

    private static WatchedHost Judging(string program, TwoNodes nodes)
    {
        var host = new WatchedHost(program);
        host.Set->MakeTicket = &Make;
        host.Set->JudgeTicket = &Judge;
        host.Set->TicketArgument = (void*)7;
        foreach (TlsContext server in (TlsContext[])[nodes.Server, nodes.OtherServer])
        {
            _ = LibSsl.SSL_CTX_set_session_ticket_cb(server.Pointer, &Make, &Judge, (void*)7);
        }

        return host;
    }

    private static SslSessionId IdOf(nint session) => new SslSessionRef((SSL_SESSION*)session).Id;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Make(SSL* ssl, void* argument)
    {
        fixed (byte* name = "alice"u8)
        {
            return argument == (void*)7 && s_made == 1
                ? LibSsl.SSL_SESSION_set1_ticket_appdata(LibSsl.SSL_get_session(ssl), name, 5)
                : 0;
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Judge(SSL* ssl, SSL_SESSION* session, byte* keyName, nuint length, int status, void* argument)
    {
        if (argument != (void*)7 || status != LibSsl.SSL_TICKET_SUCCESS)
        {
            return LibSsl.SSL_TICKET_RETURN_USE;
        }

        ReadOnlySpan<byte> data = new SslSessionRef(session).TicketApplicationData;
        s_seen = data.IsEmpty ? "nothing" : System.Text.Encoding.ASCII.GetString(data);
        s_duringJudging();
        return s_answer;
    }
}
