using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>A host that keeps the clients of its tenants apart by session id contexts, under one certificate.</summary>
public sealed class TenantTests : AdversaryTests
{
    [Test]
    public async Task Client_OfOneTenant_ResumesAtNoOther(
        [Values("connections", "contexts")] string by, [Values("1.2", "1.3")] string version)
    {
        string[] options = OptionsOf(version);
        int[] first = await StartAsync(Setup, by, "apple", "pear");
        int[] second = await StartAsync(Setup, by, "pear", "apple");
        await WakeAsync([.. first, .. second]);
        await MakeSessionAsync(first[0], Setup.Folder["own.session"], options);
        Assert.That(await ComesToResumeAsync(second[1], Setup.Folder["own.session"], options), Is.True, "its own in another process");
        foreach (int other in (int[])[first[1], second[0]])
        {
            await MakeSessionAsync(first[0], Setup.Folder["other.session"], options);
            await AssertNeverResumesAsync(other, options);
        }
    }

    /// <summary>That the host is the same says its program; that it has another tenant, the connection alone.</summary>
    [Test]
    public async Task Client_OfATenantThatHasAProcessOfItsOwn_ResumesAtNoOther([Values("1.2", "1.3")] string version)
    {
        string[] options = OptionsOf(version);
        int[] apple = await StartAsync(Setup, "connections", "apple");
        int[] again = await StartAsync(Setup, "connections", "apple");
        int[] pear = await StartAsync(Setup, "connections", "pear");
        await WakeAsync([.. apple, .. again, .. pear]);
        await MakeSessionAsync(apple[0], Setup.Folder["own.session"], options);
        Assert.That(await ComesToResumeAsync(again[0], Setup.Folder["own.session"], options), Is.True, "its own");
        await MakeSessionAsync(apple[0], Setup.Folder["other.session"], options);
        await AssertNeverResumesAsync(pear[0], options);
    }

    /// <summary>What another program's means is not known: it belongs to no tenant.</summary>
    [Test]
    public async Task Client_OfAnotherProgram_ResumesAtNoTenant([Values("1.2", "1.3")] string version)
    {
        string[] options = OptionsOf(version);
        SmallHost plain = await RunningAsync(SmallHost.StartAsync("noting", Setup, "nothing"));
        int[] ports = [.. await plain.PortsAsync(), .. await StartAsync(Setup, "connections", "apple")];
        await WakeAsync(ports);
        await MakeSessionAsync(ports[0], Setup.Folder["plain.session"], options);
        Assert.That(await ComesToResumeAsync(ports[0], Setup.Folder["plain.session"], options), Is.True, "or this proves nothing");
        await MakeSessionAsync(ports[0], Setup.Folder["other.session"], options);
        await AssertNeverResumesAsync(ports[1], options);
    }

    [Test]
    public async Task Client_OfOneTenant_ResumesAtNoOtherWithoutUs([Values("connections", "contexts")] string by)
    {
        int[] ports = await StartAsync(Setup.With(isPreloaded: false), by, "apple", "pear");
        await MakeSessionAsync(ports[0], Setup.Folder["other.session"], "-tls1_2");
        Assert.That(await ComesToResumeAsync(ports[0], Setup.Folder["other.session"], "-tls1_2"), Is.True, "its own");
        await AssertNeverResumesAsync(ports[1], "-tls1_2");
    }

    private async Task<int[]> StartAsync(HostSetup setup, string by, params string[] tenants)
    {
        SmallHost host = await RunningAsync(SmallHost.StartAsync("tenants", setup, [by, .. tenants]));
        return await host.PortsAsync(tenants.Length);
    }

    /// <summary>The first connection of a process starts the cache.</summary>
    private async Task WakeAsync(int[] ports)
    {
        foreach (int port in ports)
        {
            await MakeSessionAsync(port, Setup.Folder["first.session"], "-tls1_2");
        }
    }

    private async Task AssertNeverResumesAsync(int port, params string[] options)
    {
        Visit[] visits = await OfferAsync(port, Setup.Folder["other.session"], options);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsServed)).True, visits[^1].All);
        Assert.That(visits, Has.All.Property(nameof(Visit.IsResumed)).False, visits[^1].All);
    }

    private static string[] OptionsOf(string version) => ["-tls" + version.Replace('.', '_')];
}
