using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>What a preloaded server starts: programs that are not to be preloaded, and itself, which is.</summary>
public sealed class StartedProgramTests : SmallHostTests
{
    private const string Other = "libm.so.6";

    private static readonly string[] s_ways = ["execve", "execv", "execvp", "execl", "system", "posix_spawn", "popen"];

    /// <summary>It starts itself anew after each connection, by one function after the other.</summary>
    [Test]
    public async Task Programs_OfAServerThatStartsItselfAnew_AreNotPreloadedAndItIs()
    {
        const int Lives = 4;
        using SmallHost host = await StartAsync(new(Setup.Preloaded));
        for (int life = 1; life <= Lives; life++)
        {
            int[] ports = await host.PortsAsync(life);
            Assert.That((await Visits.NewAsync(ports[^1], "1.3")).Full, Is.EqualTo(1));
            Assert.That(SharingProcesses, Is.EqualTo(life), "as its predecessor did");
        }

        await host.EndAsync();
        Assert.That(host.Lines.Where(static line => line.Contains("mappings", StringComparison.Ordinal)), Is.EqualTo(
            Enumerable.Repeat(s_ways.Select(static way => $"{way}: 0 mappings, LD_PRELOAD is "), Lives).SelectMany(static line => line)));
        Assert.That(LogOfTrouble, Is.Empty, "a child that executes something is no worker");
    }

    [Test]
    public async Task Programs_LdPreloadHasOtherEntries_TheseStay([Values("{1}:{0}", "{0} {1}", "{1}  {0}:")] string entries)
    {
        string preload = string.Format(System.Globalization.CultureInfo.InvariantCulture, entries, NativeLibraries.Preload, Other);
        using SmallHost host = await StartAsync(new(Setup.Preloaded) { ["LD_PRELOAD"] = preload });
        await Visits.NewAsync((await host.PortsAsync())[0], "1.3");
        await host.SaysAsync("popen");
        Assert.That(host.Lines.Skip(1).Take(s_ways.Length).Select(static line => line.Trim(':').Trim()), Is.All.Contains(": 0 mappings")
            .And.All.EndWith("LD_PRELOAD is " + Other)
            .Or.All.EndWith($"LD_PRELOAD is {Other} :")
            .Or.All.EndWith($"LD_PRELOAD is : {Other}"));
    }

    [Test]
    public async Task Programs_ChildrenAreAskedFor_ArePreloaded()
    {
        using SmallHost host = await StartAsync(new(Setup.Preloaded) { ["OSSCB_CHILDREN"] = "1" });
        await Visits.NewAsync((await host.PortsAsync())[0], "1.3");
        await host.SaysAsync("popen");
        Assert.That(
            host.Lines.Skip(1).Take(s_ways.Length),
            Is.All.EndsWith("LD_PRELOAD is " + NativeLibraries.Preload).And.None.Contain(" 0 mappings"));
    }

    private Task<SmallHost> StartAsync(Dictionary<string, string> environment) =>
        SmallHost.StartAsync("starting", [Setup.Certificate, Setup.Key], environment);
}
