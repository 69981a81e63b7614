using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>The process ends with contexts attached: nothing crashes, and no callback comes back into a runtime that has ended.</summary>
[Platform("Linux")]
[Parallelizable(ParallelScope.All)]
public sealed class ProcessEndTests
{
    [Test]
    public async Task Exit_ContextAttached_ExitCodeZeroAndNoCallback(
        [Values("never", "atexit", "thread", "busy")] string contextFreed,
        [Values("return", "exit")] string how)
    {
        ProbeProcess probe = await ProbeProcess.RunAsync(null, null, "exit", contextFreed, how);

        Assert.That(probe.ExitCode, Is.Zero, probe.Errors);
        Assert.That(probe.Output, Is.EqualTo("alive True"), "without a line from OnRemove");
        Assert.That(probe.Errors, Is.Empty);
    }
}
