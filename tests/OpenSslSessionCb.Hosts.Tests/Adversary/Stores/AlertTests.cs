using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Fatal alerts, which anybody can write in the middle of a handshake, on a server with many sites.</summary>
/// <remarks>Guarded by part 8 of issue 9: only a session that this process has announced or resumed is removed, once.</remarks>
public sealed class AlertTests : RedisAdversaryTests
{
    private const int Sites = 20;
    private const int HalfHandshakes = 5;

    /// <summary>Part 8. The control is the honest client's session, which the store does come to have.</summary>
    [Test]
    public async Task HalfHandshakes_OfNobodyEndedByAnAlert_RemoveNothing([Values] bool isTls13)
    {
        (NativeHost host, string[] names) = await StartWithSitesAsync("host", Sites);
        await WaitUntilToldAsync(host, names[0]);
        await Redis.ForgetCountsAsync();

        for (int number = 0; number < HalfHandshakes; number++)
        {
            await EndByAlertAsync(host, new RawHello(names[number]) { IsTls13 = isTls13 });
        }

        await WaitUntilToldAsync(host, names[0]);
        Assert.That(await Redis.RemovalsAsync(), Is.Zero);
    }

    /// <summary>
    /// Part 8: RFC 5246 wants a session removed whose connection a fatal alert has ended. Who has seen the id on the wire can bring that
    /// about, with a host alone as well; here it costs the store one command, whatever the number of sites.
    /// </summary>
    [Test]
    public async Task Alert_OnAResumedSession_RemovesThatOneOnce()
    {
        (NativeHost host, string[] names) = await StartWithSitesAsync("host", Sites);
        (NativeHost maker, _) = await StartWithSitesAsync("maker", Sites);
        string[] options = ["-tls1_2", "-servername", names[3]];
        foreach (string name in (string[])["one", "other", "proof"])
        {
            await MakeSessionAsync(maker.Port, Setup.Folder[name], options);
        }

        Assert.That(await ComesToResumeAsync(host.Port, Setup.Folder["proof"], options), Is.True, "or this proves nothing");
        await Redis.ForgetCountsAsync();

        await EndByAlertAsync(host, new RawHello(names[3]) { Id = SessionFile.IdOf(Setup.Folder["one"]) });

        await Eventually.IsTrueAsync(async () => await Redis.RemovalsAsync() > 0, "it is removed");
        await WaitUntilToldAsync(host, names[0]);
        int removals = await Redis.RemovalsAsync();
        Visit removed = await Visit.ToAsync(host.Port, [.. options, "-sess_in", Setup.Folder["one"]]);
        Visit left = await Visit.ToAsync(host.Port, [.. options, "-sess_in", Setup.Folder["other"]]);
        using (Assert.EnterMultipleScope())
        {
            Assert.That(removals, Is.EqualTo(1));
            Assert.That((removed.IsServed, removed.IsResumed), Is.EqualTo((true, false)), removed.All);
            Assert.That((left.IsServed, left.IsResumed), Is.EqualTo((true, true)), left.All);
        }
    }

    private static async Task EndByAlertAsync(NativeHost host, RawHello hello)
    {
        using RawPeer nobody = await RawPeer.ConnectAsync(host.Port);
        await nobody.SendAsync(hello);
        await nobody.ReadServerHelloAsync();
        await nobody.SendAlertAsync();
        await nobody.ReadToEndAsync();
    }
}
