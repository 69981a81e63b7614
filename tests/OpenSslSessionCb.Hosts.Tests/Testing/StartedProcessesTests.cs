using System.Diagnostics;
using System.Globalization;

namespace OpenSslSessionCb.Hosts.Tests.Testing;

/// <summary>What a test has started does not outlive it, whoever its parent is by then.</summary>
[Platform("Linux")]
public sealed class StartedProcessesTests
{
    // As a worker whose master was killed.
    private const string LeavesAChild = "setsid sleep 600 < /dev/null > /dev/null 2>&1 & echo $!";

    [Test]
    public async Task Kill_ItsParentIsGone_IsEndedToo()
    {
        using Process shell = ChildProcess.Start("sh", ["-c", LeavesAChild]);
        int child = await ChildOfAsync(shell);

        ChildProcess.Kill(shell);

        Assert.That(ProcessTree.IsRunning(child), Is.False);
    }

    [Test]
    public async Task EndThoseOf_TheTestHasLeftOneRunning_SaysWhichAndEndsIt()
    {
        using Process shell = ChildProcess.Start("sh", ["-c", LeavesAChild]);
        int child = await ChildOfAsync(shell);

        IReadOnlyList<string> ended = StartedProcesses.EndThoseOf(TestContext.CurrentContext.Test.ID, patience: TimeSpan.Zero);

        Assert.That(ended, Has.Count.EqualTo(1).And.All.StartsWith($"{child} "));
        Assert.That(ProcessTree.IsRunning(child), Is.False);
    }

    [Test]
    public async Task EndThoseOf_AnotherTest_LeavesItAlone()
    {
        using Process shell = ChildProcess.Start("sh", ["-c", LeavesAChild]);
        int child = await ChildOfAsync(shell);

        Assert.That(StartedProcesses.EndThoseOf("another", patience: TimeSpan.Zero), Is.Empty);
        Assert.That(ProcessTree.IsRunning(child), Is.True);

        ChildProcess.Kill(shell);
    }

    private static async Task<int> ChildOfAsync(Process shell)
    {
        int child = int.Parse((await shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
        await shell.WaitForExitAsync();
        Assert.That(ProcessTree.IsRunning(child), Is.True);
        Assert.That(ProcessTree.ChildrenOf(Environment.ProcessId), Does.Contain(child), "this process has it now");
        return child;
    }
}
