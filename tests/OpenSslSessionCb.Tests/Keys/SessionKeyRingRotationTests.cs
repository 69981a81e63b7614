using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

public sealed class SessionKeyRingRotationTests
{
    private readonly byte[] _session = [.. Enumerable.Range(1, 130).Select(value => (byte)value)];
    private RingFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new RingFolder();

    [TearDown]
    public void DropFolder() => _folder.Dispose();

    [Test]
    public void Rotate_FarmReachedOneNodeAfterTheOther_EveryNodeOpensWhatEveryNodeSeals()
    {
        SessionKeyRing.OpenOrCreate(_folder["node0"]).Dispose();
        File.Copy(_folder["node0"], _folder["node1"]);
        File.Copy(_folder["node0"], _folder["node2"]);
        SessionKeyRing[] rings = [.. Enumerable.Range(0, 3).Select(node => SessionKeyRing.Open(_folder[$"node{node}"]))];
        RecordSealer[] nodes = [.. rings.Select(ring => new RecordSealer(ring, SealedSession.Farm))];
        uint before = rings[0].Snapshot.First.Id;

        for (int rotation = 0; rotation < 5; rotation++)
        {
            SessionKeyRing.Rotate(_folder["node0"]);
            for (int reached = 0; reached < 3; reached++)
            {
                if (reached > 0)
                {
                    File.Copy(_folder["node0"], _folder[$"node{reached}"], overwrite: true);
                }

                Assert.That(rings[reached].Reload(), Is.True);
                Assert.That(
                    from sealing in nodes from opening in nodes select opening.Open(sealing.Seal(_session)).Problem,
                    Is.All.EqualTo(RecordProblem.None),
                    $"rotation {rotation}, reached {reached}");
            }

            Assert.That(rings[0].Snapshot.First.Id, Is.Not.EqualTo(before), "the key that seals must change");
            before = rings[0].Snapshot.First.Id;
        }

        Array.ForEach(rings, ring => ring.Dispose());
    }

    [Test]
    public void Rotate_OldRecord_OpensUntilItsKeyIsDropped([Values(2, 3, 4)] int keep)
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        var sealer = new RecordSealer(ring, SealedSession.Farm);
        byte[] old = sealer.Seal(_session);
        SessionStoreKey key = sealer.DeriveKey(SealedSession.Id);

        for (int rotation = 1; rotation < keep; rotation++)
        {
            SessionKeyRing.Rotate(_folder["ring"], keep);
            ring.Reload();
            Assert.That(sealer.Open(old).Problem, Is.EqualTo(RecordProblem.None), $"rotation {rotation}");
        }

        Assert.That(ring.KeyCount, Is.EqualTo(keep + 1), "those kept, and the next");
        SessionKeyRing.Rotate(_folder["ring"], keep);
        Assert.That(sealer.Open(old).Problem, Is.EqualTo(RecordProblem.None), "not reloaded yet");
        ring.Reload();
        Assert.That(sealer.Open(old).Problem, Is.EqualTo(RecordProblem.UnknownKey));
        Assert.That(ring.KeyCount, Is.EqualTo(keep + 1));
        Assert.That(sealer.DeriveKey(SealedSession.Id), Is.EqualTo(key), "the index key must stay");
    }

    [Test]
    public void Rotate_FileWithoutANextKey_GetsOneAndTheFirstKeyStays()
    {
        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1 + RingFolder.Key2);
        using SessionKeyRing ring = SessionKeyRing.Open(path);
        uint first = ring.Snapshot.First.Id;

        SessionKeyRing.Rotate(path);
        ring.Reload();
        Assert.That(ring.KeyCount, Is.EqualTo(3));
        Assert.That(ring.Snapshot.First.Id, Is.EqualTo(first));

        uint next = ring.Snapshot.Keys[^1].Id;
        SessionKeyRing.Rotate(path);
        ring.Reload();
        Assert.That(ring.Snapshot.First.Id, Is.EqualTo(next));
    }

    [Test]
    public void Rotate_FileIsALink_TargetReplacedAndOnlyItsOwnerReadsIt()
    {
        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1);
        File.CreateSymbolicLink(_folder["link"], path);

        SessionKeyRing.Rotate(_folder["link"]);

        Assert.That(File.ResolveLinkTarget(_folder["link"], returnFinalTarget: false)?.FullName, Is.EqualTo(path));
        using (SessionKeyRing ring = SessionKeyRing.Open(path))
        {
            Assert.That(ring.KeyCount, Is.EqualTo(2));
        }

        Assert.That(_folder.FileNames, Is.EquivalentTo(new[] { "link", "ring" }));
    }

    [TestCase(1)]
    [TestCase(101)]
    public void Rotate_KeepOutOfRange_ThrowsAndTheFileStays(int keep)
    {
        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1);

        Assert.That(() => SessionKeyRing.Rotate(path, keep), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(File.ReadAllText(path), Is.EqualTo(RingFolder.Index + RingFolder.Key1));
    }

    [Test]
    public void Rotate_Missing_RefusedAndNothingCreated()
    {
        Assert.That(() => SessionKeyRing.Rotate(_folder["none"]), Throws.TypeOf<SessionKeyRingException>());
        Assert.That(_folder.FileNames, Is.Empty);
    }

    [Test]
    public void Reload_FileUnchangedOrInMemory_False()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        using SessionKeyRing inMemory = SessionKeyRing.Generate();
        File.SetLastWriteTimeUtc(_folder["ring"], DateTime.UtcNow.AddHours(1));

        Assert.That(ring.Reload(), Is.False);
        Assert.That(inMemory.Reload(), Is.False);
    }

    [Test]
    public void Reload_FileBroken_RefusedAndTheKeysStay()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        var sealer = new RecordSealer(ring, SealedSession.Farm);
        byte[] record = sealer.Seal(_session);
        _folder.Write("ring", "no ring");

        Assert.That(ring.Reload, Throws.TypeOf<SessionKeyRingException>());
        Assert.That(sealer.Open(record).Problem, Is.EqualTo(RecordProblem.None));
    }

    [Test]
    public void Reload_WhileOthersSealAndOpenAndMemoryIsCollected_NoneEverFails()
    {
        using SessionKeyRing ring = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        var sealer = new RecordSealer(ring, SealedSession.Farm);
        using var stop = new CancellationTokenSource();
        int failures = 0;
        int successes = 0;
        Task[] workers = [.. Enumerable.Range(0, 3).Select(_ => Task.Factory.StartNew(
            () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    bool same = sealer.Open(sealer.Seal(_session)).Session.AsSpan().SequenceEqual(_session);
                    Interlocked.Increment(ref same ? ref successes : ref failures);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default))];

        // Each rotation drops snapshots whose finalizers zero their keys: those still at work must not notice.
        for (int rotation = 0; rotation < 40; rotation++)
        {
            SessionKeyRing.Rotate(_folder["ring"], keep: 100);
            Assert.That(ring.Reload(), Is.True);
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        stop.Cancel();
        Task.WaitAll(workers);
        Assert.That(failures, Is.Zero);
        Assert.That(successes, Is.GreaterThan(100));
    }
}
