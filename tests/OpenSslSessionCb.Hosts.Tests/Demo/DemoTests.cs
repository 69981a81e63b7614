using System.Diagnostics;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Demo;

[TestFixture]
[Platform("Linux")]
public sealed class DemoTests
{
    [Test]
    public async Task Demo_TwoProcesses_EverySessionResumesInTheOther()
    {
        ProcessResult result = await SesscbTool.RunAsync("demo");

        string[] lines = result.Output.TrimEnd('\n').Split('\n');
        Assert.That(lines[^1], Is.EqualTo("demo: 4 of 4 resumed across processes"), result.All);
        Assert.That(result.ExitCode, Is.Zero, result.All);
        Assert.That(result.Errors, Is.Empty);
        Assert.That(result.Output, Does.Not.Contain("\u001b").And.Not.Contain("[/]"), "not a terminal");
        Assert.That(lines.Where(static line => line.Contains("TLSv1.", StringComparison.Ordinal)).ToArray(), Has.Length.EqualTo(8));
    }

    [TestCase(Signal.Interrupt)]
    [TestCase(Signal.Terminate)]
    public async Task Demo_Interrupted_LeavesNothingBehind(object signal)
    {
        using var folder = new TemporaryFolder();
        using Process demo = Start(folder);
        try
        {
            int[] servers = await WaitForServersAsync(demo.Id, atLeast: 1);
            ((Signal)signal).Send(demo.Id);
            await demo.WaitForExitAsync().WaitAsync(ChildProcess.Patience);

            // What it had started when the signal came, and no more.
            await Eventually.IsTrueAsync(() => !servers.Any(ProcessTree.IsRunning), "a server still runs");
            Assert.That(Directory.EnumerateFileSystemEntries(folder.Root), Is.Empty);
            Assert.That(await demo.StandardError.ReadToEndAsync(), Is.Empty);
        }
        finally
        {
            ChildProcess.Kill(demo);
        }
    }

    [Test]
    public async Task Demo_KilledOutright_ItsServersStop()
    {
        using var folder = new TemporaryFolder();
        using Process demo = Start(folder);
        try
        {
            int[] servers = await WaitForServersAsync(demo.Id, atLeast: 1);
            Signal.Kill.Send(demo.Id);

            await Eventually.IsTrueAsync(() => !servers.Any(ProcessTree.IsRunning), "a server outlives the demo");
        }
        finally
        {
            ChildProcess.Kill(demo);
        }
    }

    private static Process Start(TemporaryFolder folder) => ChildProcess.Start(
        SesscbTool.Program, SesscbTool.Arguments("demo"),
        new Dictionary<string, string> { ["TMPDIR"] = folder.Root, ["DOTNET_EnableDiagnostics"] = "0" });

    private static async Task<int[]> WaitForServersAsync(int parent, int atLeast)
    {
        int[] servers = [];
        await Eventually.IsTrueAsync(() => (servers = [.. ProcessTree.ChildrenOf(parent)]).Length >= atLeast, "no server was started");
        return servers;
    }
}
