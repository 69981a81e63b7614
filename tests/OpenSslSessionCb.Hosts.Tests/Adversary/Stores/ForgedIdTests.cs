using System.Security.Cryptography;
using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Ids that nobody made, and one that is offered at the wrong site, on a server with many sites.</summary>
/// <remarks>Guarded by part 5 of issue 9: the MAC of an id is over the farm, and its key in the store too, whatever its scope.</remarks>
public sealed class ForgedIdTests : RedisAdversaryTests
{
    private const int Sites = 20;

    /// <summary>Part 5.</summary>
    [Test]
    public async Task Ids_ThatNobodyMade_AreNoQuestionToTheStore()
    {
        (NativeHost host, string[] names) = await StartWithSitesAsync("host", Sites);
        await WaitUntilToldAsync(host, names[0]);
        await Redis.ForgetCountsAsync();
        foreach (string name in names)
        {
            await SayHelloAsync(host, new RawHello(name)
            {
                IsTls13 = true,
                Identities = [.. Enumerable.Range(0, 5).Select(static _ => RandomNumberGenerator.GetBytes(32))],
            });
            await SayHelloAsync(host, new RawHello(name) { Id = RandomNumberGenerator.GetBytes(32) });
        }

        Assert.That(await Redis.QuestionsAsync(), Is.Zero);
    }

    /// <summary>Part 5. The control: at its own site the session resumes.</summary>
    [Test]
    public async Task Id_OfOneSite_IsOneQuestionAtMostAtAnotherAndResumesAtItsOwn([Values] bool isTls13)
    {
        (NativeHost host, string[] names) = await StartWithSitesAsync("host", Sites);
        (NativeHost maker, _) = await StartWithSitesAsync("maker", Sites);
        string[] options = [isTls13 ? "-tls1_3" : "-tls1_2", "-servername", names[3]];
        foreach (string name in (string[])["one", "proof"])
        {
            await MakeSessionAsync(maker.Port, Setup.Folder[name], options);
        }

        Assert.That(await ComesToResumeAsync(host.Port, Setup.Folder["proof"], options), Is.True, "or this proves nothing");
        byte[] id = SessionFile.IdOf(Setup.Folder["one"]);
        await Redis.ForgetCountsAsync();
        foreach (string name in names.Except([names[3]]))
        {
            var hello = new RawHello(name) { IsTls13 = isTls13 };
            await SayHelloAsync(host, isTls13 ? hello with { Identities = [id] } : hello with { Id = id });
        }

        int questions = await Redis.QuestionsAsync();
        await TestContext.Out.WriteLineAsync($"{questions} questions for {Sites - 1} hellos");
        Assert.That(questions, Is.LessThan(Sites));
        Visit atHome = await Visit.ToAsync(host.Port, [.. options, "-sess_in", Setup.Folder["one"]]);
        Assert.That((atHome.IsServed, atHome.IsResumed), Is.EqualTo((true, true)), atHome.All);
    }

    private static async Task SayHelloAsync(NativeHost host, RawHello hello)
    {
        using RawPeer nobody = await RawPeer.ConnectAsync(host.Port);
        await nobody.SendAsync(hello);
        await nobody.ReadServerHelloAsync();
    }
}
