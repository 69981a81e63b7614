using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What a host that forks waits for: our own threads, while they are in libcrypto and no longer.</summary>
[NonParallelizable]
public sealed class LibCryptoUseTests
{
    [ThreadStatic]
    private static int t_depth;

    private static int s_entered;
    private static int s_left;

    [SetUp]
    public unsafe void Count()
    {
        (s_entered, s_left) = (0, 0);
        LibCryptoUse.LeaveFunction = &Leave;
        LibCryptoUse.EnterFunction = &Enter;
    }

    [TearDown]
    public unsafe void Forget()
    {
        LibCryptoUse.EnterFunction = null;
        LibCryptoUse.LeaveFunction = null;
    }

    [Test]
    public async Task Writer_SealsInsideAndWritesOutside()
    {
        int enteredBefore = -1;
        int depthAtPut = -1;
        var store = new SpyStore
        {
            Traits = SessionStoreTraits.InProcess,
            BeforePut = () =>
            {
                (enteredBefore, depthAtPut) = (Volatile.Read(ref s_entered), t_depth);
                return Task.CompletedTask;
            },
        };
        await using (var node = new CacheNode(store, LibSsl.TLS1_2_VERSION))
        {
            using ClientSession session = node.FirstSession();
            await store.WaitForWrites(1);
        }

        Assert.That(enteredBefore, Is.GreaterThan(0), "the record was sealed inside");
        Assert.That(depthAtPut, Is.Zero, "a store may take its time: a fork does not wait for it");
        Assert.That(Volatile.Read(ref s_entered), Is.GreaterThan(enteredBefore), "and the session was freed inside");
        await Eventually.True(() => Volatile.Read(ref s_left) == Volatile.Read(ref s_entered), "everyone leaves");
    }

    [UnmanagedCallersOnly]
    private static void Enter()
    {
        t_depth++;
        Interlocked.Increment(ref s_entered);
    }

    [UnmanagedCallersOnly]
    private static void Leave()
    {
        t_depth--;
        Interlocked.Increment(ref s_left);
    }
}
