using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// Every server set-up against every other: certificate × client CA × verify mode × farm × SNI. A session crosses where it
/// may, and nowhere else.
/// </summary>
[TestFixture(LibSsl.TLS1_2_VERSION)]
[TestFixture(LibSsl.TLS1_3_VERSION)]
public sealed class IsolationTableTests(int version) : LeakCheckedTests
{
    [Test]
    public async Task Sessions_BetweenContextsOfTheirOwn_CrossWhereTheyMay()
    {
        using var ring = SessionKeyRing.Generate();
        await using var store = new MemorySessionStore();
        var caches = new Dictionary<string, SessionCache>();
        foreach (string farm in (string[])["shop", "bank"])
        {
            caches[farm] = new SessionCache(store, new SessionCacheOptions { Farm = farm, KeyRing = ring, LeaveStoreOpen = true });
        }

        var servers = new Dictionary<IsolationCase, TlsContext>();
        foreach (IsolationCase setUp in IsolationCase.All("shop", "bank"))
        {
            servers[setUp] = setUp.MakeServer(version);
            caches[setUp.Farm].Attach(servers[setUp]);
        }

        await AssertTable(servers, caches.Values);
        foreach (SessionCache cache in caches.Values)
        {
            await cache.DisposeAsync();
        }
    }

    [Test]
    [Platform("Linux")]
    public async Task Sessions_BetweenContextsOfHostsThatKnowNothing_CrossWhereTheyMay()
    {
        await using var cache = new SessionCache(new MemorySessionStore());
        using ProcessAttachment attachment = cache.AttachToProcess(new ProcessAttachOptions { RequireSslStream = false });
        var servers = IsolationCase.All("default").ToDictionary(static setUp => setUp, setUp => setUp.MakeServer(version));

        await AssertTable(servers, [cache]);
        Assert.That(attachment.FailureCount, Is.Zero);
    }

    private async Task AssertTable(Dictionary<IsolationCase, TlsContext> servers, IReadOnlyCollection<SessionCache> caches)
    {
        using TlsContext client = TlsContext.Client(version, withCertificate: true);
        var wrong = new List<string>();
        int crossed = 0;
        foreach ((IsolationCase from, TlsContext maker) in servers)
        {
            using ClientSession session = Connect(client, maker, from.HostName, null, out _);
            await Eventually.True(() => caches.All(static cache => cache.Statistics.Queued == 0), "the session is written");
            foreach ((IsolationCase to, TlsContext server) in servers)
            {
                Connect(client, server, to.HostName, session, out bool resumed).Dispose();
                crossed += resumed ? 1 : 0;
                if (resumed != from.MayResumeAt(to))
                {
                    wrong.Add($"{from} {(resumed ? "crosses" : "does not cross")} to {to}");
                }
            }
        }

        Assert.That(wrong, Is.Empty);

        // Without a verify mode each to itself and to the one that differs in the CAs only; with one, to the other mode's two besides.
        Assert.That(crossed, Is.EqualTo(servers.Count * 10 / 3));
        foreach (TlsContext server in servers.Values)
        {
            server.Dispose();
        }
    }

    private static ClientSession Connect(TlsContext client, TlsContext server, string? hostName, ClientSession? offer, out bool resumed)
    {
        using var pair = new TlsPair(server, client, offer);
        pair.AskFor(hostName);
        pair.Connect();
        resumed = pair.Resumed;
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }
}
