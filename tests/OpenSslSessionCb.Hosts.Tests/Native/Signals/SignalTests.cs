using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>A host's signals stay a host's.</summary>
public sealed class SignalTests : SmallHostTests
{
    /// <summary>By which the runtime stops its own threads: the first that is free from SIGRTMIN+8 on.</summary>
    private const string OfTheRuntime = "handled otherwise: 42";

    private const int Interrupt = 2;
    private const int FloatingPoint = 8;
    private const int Fault = 11;
    private const int Pipe = 13;
    private const int Child = 17;
    private const int RealTime = 34;

    /// <summary>
    /// Those that it was sent, one each (a closed pipe brings a second SIGPIPE), its faults, and the 500 that were queued.
    /// </summary>
    [Test]
    public async Task Host_HandlesAllOfThem_GetsEachOnItsOwnThreads()
    {
        using SmallHost host = await SmallHost.StartAsync("signals", Setup, "counting");
        ProcessResult end = await host.EndAsync();
        Assert.That((end.ExitCode, end.Errors), Is.EqualTo((0, "")));
        Assert.That(host.Lines, Is.EqualTo(new[]
        {
            OfTheRuntime, "compared",
            "1: 1", "2: 1", "3: 1", "4: 1", "5: 1", "6: 1", "7: 1", "8: 1", "10: 1", "11: 1", "12: 1", $"{Pipe}: 2", "14: 1", "15: 1",
            "17: 1", "18: 1", "20: 1", "23: 1",
            "26: 1", "27: 1", "28: 1", "29: 1", "31: 1", $"{RealTime}: 500", "by strangers: 0",
        }));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    /// <summary>What it leaves to the system is done as before; .NET's handlers stand there for two faults, and only for its own.</summary>
    [TestCase("fault", 128 + Fault)]
    [TestCase("kill", 128 + Fault)]
    [TestCase("pipe", 128 + Pipe)]
    public async Task Host_HandlesNone_EndsByThemAsBefore(string what, int exitCode)
    {
        using SmallHost host = await SmallHost.StartAsync("signals", Setup, "default", what);
        ProcessResult end = await host.EndAsync();
        Assert.That((end.ExitCode, end.Errors), Is.EqualTo((exitCode, "")));
        Assert.That(host.Lines,
            Is.EqualTo(new[] { $"handled otherwise: {FloatingPoint}", $"handled otherwise: {Fault}", OfTheRuntime, "compared" }));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    /// <summary>A thread that had not blocked them would get them, and end the process.</summary>
    [Test]
    public async Task Host_BlocksThemInAllItsThreads_GetsThemWhereItWaits([Values("sigwait", "signalfd")] string how)
    {
        using SmallHost host = await SmallHost.StartAsync("signals", Setup, how);
        await host.SaysAsync("ready");
        int[] sent =
        [
            (int)Signal.Hangup, Interrupt, Pipe, Child, (int)Signal.User1, (int)Signal.User2, RealTime, RealTime + 1, (int)Signal.Terminate,
        ];
        foreach (int number in sent)
        {
            ((Signal)number).Send(host.Id);
            await host.SaysAsync($"took {number}");
        }

        ProcessResult end = await host.EndAsync();
        Assert.That((end.ExitCode, end.Errors), Is.EqualTo((5, "")));
        Assert.That(
            host.Lines.Where(static line => line.StartsWith("took", StringComparison.Ordinal)),
            Is.EqualTo(sent.Select(static number => $"took {number}")));
        Assert.That(host.Lines, Has.None.StartsWith("the mask has changed"));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    /// <summary>That thread makes the runtime's, which would take its signals from it.</summary>
    [Test]
    public async Task Host_HasOneThreadForThem_GetsThemThere()
    {
        using SmallHost host = await SmallHost.StartAsync("signals", Setup, "dedicated");
        ProcessResult end = await host.EndAsync();
        Assert.That((end.ExitCode, end.Output, end.Errors), Is.EqualTo((0, $"{RealTime}: 500, by strangers: 0", "")));
        Assert.That((SharingProcesses, LogOfTrouble.Length), Is.EqualTo((1, 0)));
    }

    /// <summary>Of the library itself: an exception where the host leaves faults to the system, and the host's where it does not.</summary>
    [TestCase("default", "6 NullReferenceException: Object reference not set to an instance of an object.", 0)]
    [TestCase("handled", "the host's handler", 9)]
    public async Task Fault_InsideTheLibrary_IsTheHostsIfItHasAHandler(string how, string said, int exitCode)
    {
        string program = await SmallPrograms.FindAsync(
            "hosts/null_reference", "-L", NativeLibraries.Folder, "-l:libopensslsessioncb.so", "-Wl,-rpath," + NativeLibraries.Folder);
        ProcessResult end = await ChildProcess.RunAsync(program, [how]);
        Assert.That((end.ExitCode, end.Output, end.Errors), Is.EqualTo((exitCode, said + "\n", "")));
    }
}
