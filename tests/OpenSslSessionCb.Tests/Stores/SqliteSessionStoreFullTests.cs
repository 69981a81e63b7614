using System.Diagnostics;
using NUnit.Framework;
using OpenSslSessionCb.StoreWriter;

namespace OpenSslSessionCb.Tests.Stores;

[Parallelizable(ParallelScope.Self)]
public sealed class SqliteSessionStoreFullTests
{
    private StoreFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new StoreFolder();

    [TearDown]
    public void DeleteFolder() => _folder.Delete();

    [TestCase(256 * 1024)]
    [TestCase(2 * 1024 * 1024)]
    public async Task Put_FileAtItsBound_RoomIsMade(int maxBytes)
    {
        await using (SqliteSessionStore store = SqliteSessionStore.Open(
            _folder.File(), new SqliteSessionStoreOptions { MaxBytes = maxBytes }))
        {
            for (int number = 0; number < 3_000; number++)
            {
                await store.PutAsync(
                    NumberedRecords.Key(number), NumberedRecords.Record(number), NumberedRecords.Lifetime + TimeSpan.FromMinutes(number));
            }

            Assert.That(await store.GetAsync(NumberedRecords.Key(2_999)), Is.EqualTo(NumberedRecords.Record(2_999)));
            int kept = 0;
            for (int number = 0; number < 3_000; number++)
            {
                kept += await store.GetAsync(NumberedRecords.Key(number)) is null ? 0 : NumberedRecords.Record(number).Length;
            }

            TestContext.Out.WriteLine($"{100.0 * kept / maxBytes:F0} % of the bound are records");
            Assert.That(kept, Is.GreaterThan(maxBytes / 3));
        }

        // The log is gone with the last connection: this is all there is.
        Assert.That(new FileInfo(_folder.File()).Length, Is.LessThanOrEqualTo(maxBytes));
    }

    [Test]
    public async Task Put_RecordLargerThanAQuarterOfTheBound_NotKeptAndNothingElseLost()
    {
        await using SqliteSessionStore store = SqliteSessionStore.Open(
            _folder.File(), new SqliteSessionStoreOptions { MaxBytes = 256 * 1024 });
        await store.PutAsync(NumberedRecords.Key(1), NumberedRecords.Record(1), NumberedRecords.Lifetime);
        await store.PutAsync(NumberedRecords.Key(2), new byte[100_000], NumberedRecords.Lifetime);

        Assert.That(await store.GetAsync(NumberedRecords.Key(1)), Is.EqualTo(NumberedRecords.Record(1)));
        Assert.That(await store.GetAsync(NumberedRecords.Key(2)), Is.Null);
    }

    [Test]
    public async Task Put_DiskFull_ThrowsAndRecoversWhenThereIsRoom()
    {
        MountOrIgnore(_folder.Path, "3m");
        try
        {
            string ballast = _folder.File("ballast");
            await using (SqliteSessionStore store = SqliteSessionStore.Open(_folder.File()))
            {
                await File.WriteAllBytesAsync(ballast, new byte[1024 * 1024]);
                int confirmed = await PutUntilFullAsync(store);
                TestContext.Out.WriteLine($"full after {confirmed} records");

                // What was confirmed can be read while the disk is full, and nothing holds a lock.
                await AssertKeptAsync(store, confirmed);
                Assert.That(
                    async () => await store.PutAsync(NumberedRecords.Key(0), new byte[60_000], NumberedRecords.Lifetime),
                    Throws.TypeOf<SessionStoreException>());

                File.Delete(ballast);
                await store.PutAsync(NumberedRecords.Key(confirmed), NumberedRecords.Record(confirmed), NumberedRecords.Lifetime);
                await AssertKeptAsync(store, confirmed + 1);
                Assert.That(await store.TakeAsync(NumberedRecords.Key(confirmed)), Is.Not.Null);
            }

            // Opening checks the structure of the whole file.
            await SqliteSessionStore.Open(_folder.File()).DisposeAsync();
        }
        finally
        {
            Run("umount", _folder.Path);
        }
    }

    private static async Task<int> PutUntilFullAsync(SqliteSessionStore store)
    {
        for (int number = 0; number < 100_000; number++)
        {
            try
            {
                await store.PutAsync(NumberedRecords.Key(number), NumberedRecords.Record(number), NumberedRecords.Lifetime);
            }
            catch (SessionStoreException exception)
            {
                Assert.That(exception.Failure, Is.EqualTo(SessionStoreFailure.Full));
                return number;
            }
        }

        throw new InvalidOperationException("The disk never got full.");
    }

    private static async Task AssertKeptAsync(SqliteSessionStore store, int count)
    {
        for (int number = 0; number < count; number++)
        {
            Assert.That(await store.GetAsync(NumberedRecords.Key(number)), Is.EqualTo(NumberedRecords.Record(number)), $"record {number}");
        }
    }

    private static void MountOrIgnore(string directory, string size)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("A disk of our own to fill needs Linux and root: no tmpfs can be mounted.");
        }

        if (!Run("mount", "-t", "tmpfs", "-o", $"size={size}", "sesscb-test", directory))
        {
            Assert.Ignore("A disk of our own to fill is needed, but mounting a tmpfs is forbidden here.");
        }
    }

    private static bool Run(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
