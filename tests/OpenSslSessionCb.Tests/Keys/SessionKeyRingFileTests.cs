using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

public sealed class SessionKeyRingFileTests
{
    private const string Digits = "606162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f";

    private RingFolder _folder = null!;

    [SetUp]
    public void MakeFolder() => _folder = new RingFolder();

    [TearDown]
    public void DropFolder() => _folder.Dispose();

    [TestCase(RingFolder.Index + RingFolder.Key1, 1)]
    [TestCase("# comment\n\n  index\t000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f # names\r\n"
        + RingFolder.Key1 + RingFolder.Key2, 2)]
    [TestCase("next " + Digits + "\n" + RingFolder.Key1 + RingFolder.Index, 2)]
    [TestCase(RingFolder.Index + "key 606162636465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F", 1)]
    public void Open_WellFormed_HasTheKeys(string text, int count)
    {
        using SessionKeyRing ring = SessionKeyRing.Open(_folder.Write("ring", text));

        Assert.That(ring.KeyCount, Is.EqualTo(count));
    }

    [TestCase("", "has no 'index' line")]
    [TestCase(RingFolder.Key1, "has no 'index' line")]
    [TestCase(RingFolder.Index, "has no 'key' line")]
    [TestCase(RingFolder.Index + "next " + Digits, "has no 'key' line")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + "key 6061", "line 3 has a key that is too short")]
    [TestCase(RingFolder.Index + "key\n", "line 2 has a key that is too short")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + "\nkey " + Digits + "00",
        "line 4 is none of 'index', 'key' or 'next' followed by 64 hex digits")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + "key " + Digits + " old", "line 3 is none of")]
    [TestCase("#\n" + RingFolder.Index + "key 6061626364656667686x6a6b6c6d6e6f707172737475767778797a7b7c7d7e7f", "line 3 is none of")]
    [TestCase(RingFolder.Index + "sealing " + Digits, "line 2 is none of")]
    [TestCase(RingFolder.Index + "KEY " + Digits, "line 2 is none of")]
    [TestCase(RingFolder.Index + Digits, "line 2 is none of")]
    [TestCase(RingFolder.Index + "\u00e9" + RingFolder.Key1, "line 2 is none of")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + RingFolder.Key2 + RingFolder.Key1, "line 4 repeats the key of line 2")]
    [TestCase(RingFolder.Index + "key 000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
        "line 2 repeats the key of line 1")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + "index " + Digits, "line 3 is a second 'index' line")]
    [TestCase(RingFolder.Index + "next " + Digits + "\nnext 0" + Digits + "\n", "line 3 is none of")]
    [TestCase(RingFolder.Index + RingFolder.Key1 + "next ff6162636465666768696a6b6c6d6e6f707172737475767778797a7b7c7d7e7f\nnext " + Digits,
        "line 4 is a second 'next' line")]
    public void Open_Malformed_SaysWhatAndWhereAndShowsNoKey(string text, string expected)
    {
        string path = _folder.Write("ring", text);

        SessionKeyRingException exception = Refused(path);

        Assert.That(exception.Message, Does.StartWith($"The key ring {path} ").And.Contains(expected).And.EndsWith("."));
        Assert.That(exception.ToString(), Does.Not.Contain("606162").And.Not.Contains("202122").And.Not.Contains("000102").IgnoreCase);
        Assert.That(exception.Path, Is.EqualTo(path));
    }

    [Test]
    public void Open_LargerThan64KiB_Refused()
    {
        string ring = RingFolder.Index + RingFolder.Key1;

        Assert.That(
            () => SessionKeyRing.Open(_folder.Write("most", ring + new string('\n', 65536 - ring.Length))).Dispose(), Throws.Nothing);
        Assert.That(
            Refused(_folder.Write("more", ring + new string('\n', 65537 - ring.Length))).Message, Does.Contain("larger than 64 KiB"));
    }

    [Test]
    public void Open_Missing_SaysHowToMakeOne() =>
        Assert.That(
            Refused(_folder["none"]).Message, Does.Contain("does not exist: copy it from another node, or create it with OpenOrCreate"));

    [Test]
    public void Open_FolderOrLinkToAFolder_Refused()
    {
        Directory.CreateDirectory(_folder["folder"]);
        File.CreateSymbolicLink(_folder["link"], _folder["folder"]);

        Assert.That(Refused(_folder["folder"]).Message, Does.Contain("is a folder"));
        Assert.That(Refused(_folder["link"]).Message, Does.Contain("is a folder"));
        Assert.That(() => SessionKeyRing.OpenOrCreate(_folder["folder"]), Throws.TypeOf<SessionKeyRingException>());
    }

    [TestCase(UnixFileMode.GroupRead | UnixFileMode.OtherRead, "0644")]
    [TestCase(UnixFileMode.GroupWrite, "0620")]
    [TestCase(UnixFileMode.GroupExecute, "0610")]
    [TestCase(UnixFileMode.OtherRead, "0604")]
    [TestCase(UnixFileMode.OtherWrite, "0602")]
    [TestCase(UnixFileMode.OtherExecute, "0601")]
    [Platform("Unix")]
    public void Open_AnyBitForOthers_RefusedAlsoThroughALink(UnixFileMode bit, string octal)
    {
        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1);
        File.CreateSymbolicLink(_folder["link"], path);
        using (SessionKeyRing.Open(_folder["link"]))
        {
        }

        RingFolder.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | bit);

        Assert.That(Refused(path).Message, Does.Contain($"is open to other users (mode {octal}): run chmod 600"));
        Assert.That(Refused(_folder["link"]).Message, Does.Contain("is open to other users"));
        Assert.That(() => SessionKeyRing.Rotate(path), Throws.TypeOf<SessionKeyRingException>());
    }

    [Test]
    [Platform("Linux")]
    public void Open_ItsGroupMayReadIt_OnlyIfRootSaysSo_AndRotatingKeepsItSo()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Only root can give a file away.");
        }

        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1);
        Chown("0:12345", path);
        RingFolder.SetMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Assert.That(() => SessionKeyRing.Open(path).Dispose(), Throws.Nothing);

        SessionKeyRing.Rotate(path);
        ProcessStartInfo stat = new("stat", ["-c", "%u:%g %a", path]) { RedirectStandardOutput = true };
        using (Process shown = Process.Start(stat)!)
        {
            Assert.That(shown.StandardOutput.ReadToEnd(), Is.EqualTo("0:12345 640\n"));
            shown.WaitForExit();
        }

        Chown("12345:12345", path);
        Assert.That(Refused(path).Message, Does.Contain("is open to other users (mode 0640)"));
    }

    [Test]
    [Platform("Linux")]
    public void Open_SomebodyElsesFile_Refused()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("Only root can give a file away.");
        }

        string path = _folder.Write("ring", RingFolder.Index + RingFolder.Key1);
        Chown("12345", path);

        Assert.That(Refused(path).Message, Does.Contain("belongs neither to this user nor to root: run chown"));
    }

    private static void Chown(string owners, string path)
    {
        using Process chown = Process.Start("chown", [owners, path]);
        chown.WaitForExit();
        Assert.That(chown.ExitCode, Is.Zero);
    }

    [Test]
    [Platform("Unix")]
    public void Open_NotARegularFile_Refused() => Assert.That(Refused("/dev/null").Message, Does.Contain("is open to other users"));

    [Test]
    public void OpenOrCreate_NoFolder_SaysSo() =>
        Assert.That(
            () => SessionKeyRing.OpenOrCreate(_folder["none/ring"]),
            Throws.TypeOf<SessionKeyRingException>().With.Message.Contains("and neither does its folder"));

    [Test]
    public void OpenOrCreate_NameIsLongerThanTheFileSystemTakes_SaysThatItCannotBeWritten() =>
        Assert.That(
            () => SessionKeyRing.OpenOrCreate(_folder[new string('a', 300)]),
            Throws.TypeOf<SessionKeyRingException>().With.Message.Contains("cannot be written"));

    [Test]
    public void OpenOrCreate_Absent_CreatesForItsOwnerAloneAndLeavesNothingElse()
    {
        using SessionKeyRing created = SessionKeyRing.OpenOrCreate(_folder["ring"]);
        using SessionKeyRing opened = SessionKeyRing.OpenOrCreate(_folder["ring"]);

        Assert.That(created.KeyCount, Is.EqualTo(2), "one that seals, and the next");
        Assert.That(opened.Snapshot.IsSameAs(created.Snapshot), Is.True);
        Assert.That(_folder.FileNames, Is.EqualTo(new[] { "ring" }));
        if (!OperatingSystem.IsWindows())
        {
            Assert.That(File.GetUnixFileMode(_folder["ring"]), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        }
    }

    [Test]
    public void OpenOrCreate_ManyAtOnce_AllHaveTheSameRing()
    {
        const int Racers = 8;
        for (int round = 0; round < 25; round++)
        {
            // They share nothing but the file system, as processes do.
            string path = _folder[$"ring{round}"];
            using var start = new Barrier(Racers);
            var rings = new SessionKeyRing[Racers];
            Task[] racers = [.. Enumerable.Range(0, Racers).Select(racer => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    rings[racer] = SessionKeyRing.OpenOrCreate(path);
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default))];
            Task.WaitAll(racers);

            Assert.That(rings.Select(ring => ring.Snapshot.IsSameAs(rings[0].Snapshot)), Is.All.True, $"round {round}");
            Array.ForEach(rings, ring => ring.Dispose());
        }

        Assert.That(_folder.FileNames.Count(), Is.EqualTo(25), "temporary files were left");
    }

    [Test]
    public void KeyCount_RingDisposed_Throws()
    {
        SessionKeyRing ring = SessionKeyRing.Generate();
        Assert.That(ring.KeyCount, Is.EqualTo(1));
        ring.Dispose();
        ring.Dispose();

        Assert.That(() => ring.KeyCount, Throws.TypeOf<ObjectDisposedException>());
        Assert.That(ring.Reload, Throws.TypeOf<ObjectDisposedException>());
    }

    private static SessionKeyRingException Refused(string path) =>
        Assert.Throws<SessionKeyRingException>(() => SessionKeyRing.Open(path).Dispose())!;
}
