using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>A log that cannot be written to must not be felt.</summary>
public sealed class LogTests : SmallHostTests
{
    [Test]
    public async Task Stderr_IsAPipeThatNobodyReads_TheHostLives()
    {
        // .NET ignores SIGPIPE, and what it starts inherits that.
        string program = await SmallPrograms.FindAsync("hosts/threads");
        using SmallHost host = SmallHost.Start(
            "env", ["--default-signal=PIPE", program, Setup.Certificate, Setup.Key, "512", "return"], With("stderr"), readErrors: false);
        host.CloseErrors();
        await ServesAsync(host);
    }

    [Test]
    public async Task Stderr_IsAPipeThatIsFull_TheHostDoesNotWait()
    {
        // The shell fills it up (a pipe of Linux holds 64 KiB), and nobody reads.
        string program = await SmallPrograms.FindAsync("hosts/threads");
        using SmallHost host = SmallHost.Start(
            "sh",
            ["-c", "head -c 65536 /dev/zero >&2; exec \"$@\"", "", program, Setup.Certificate, Setup.Key, "512", "return"],
            With("stderr"),
            readErrors: false);
        await ServesAsync(host);
    }

    [Test]
    public async Task File_IsAFifoThatNobodyReads_TheLineGoesToStderr()
    {
        ProcessResult made = await ChildProcess.RunAsync("mkfifo", [Setup.Folder["fifo"]]);
        Assert.That(made.ExitCode, Is.Zero, made.All);
        using SmallHost host = await SmallHost.StartAsync(
            "threads", [Setup.Certificate, Setup.Key, "512", "return"], With(Setup.Folder["fifo"]));
        await ServesAsync(host);
        host.Kill();
        Assert.That(await host.ErrorsAsync(), Does.Contain("TLS sessions are shared by way of "));
    }

    private Dictionary<string, string> With(string log) => new(Setup.Preloaded) { ["OSSCB_LOG"] = log };

    private static async Task ServesAsync(SmallHost host)
    {
        int[] ports = await host.PortsAsync();
        Assert.That((await Visits.ReturningAsync(ports, "1.3", 3, pauseMilliseconds: 20)).Resumed, Is.EqualTo(3));
        Assert.That(host.HasExited, Is.False);
    }
}
