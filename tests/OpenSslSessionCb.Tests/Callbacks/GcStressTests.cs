using System.Globalization;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>The same as ChurnTests, in a process that collects garbage wherever it can.</summary>
[Category("Soak")]
[Parallelizable(ParallelScope.All)]
public sealed class GcStressTests
{
    // 0xC is what a checked runtime turns into a collection at every instruction; the one that is released has no such code,
    // and collects at few places more. 0xF adds each allocation and each transition to native code and back.
    [TestCase("0xC", 0)]
    [TestCase("0xF", 5)]
    [Platform("Linux")]
    public async Task Churn_UnderGcStress_NoSessionLeaks(string stress, int collectionsPerHandshake)
    {
        int handshakes = Soak.Count(briefly: 500, atLength: 20_000);
        var environment = new Dictionary<string, string?> { ["DOTNET_GCStress"] = stress };
        ProbeProcess probe = await ProbeProcess.RunAsync(environment, TimeSpan.FromMinutes(60), "churn", $"{handshakes}");
        TestContext.Out.WriteLine(probe.Output);

        Assert.That(probe.ExitCode, Is.Zero, probe.Errors);
        Assert.That(probe.Output, Does.Contain($"Handshakes = {handshakes},").And.Contain("Leaked = 0,"));

        // One in ten handshakes has a collection of the scenario's own.
        int collections = int.Parse(probe.Output.Split("Collections = ")[1].Split(',')[0], CultureInfo.InvariantCulture);
        Assert.That(collections, Is.GreaterThan((handshakes / 10) + (handshakes * collectionsPerHandshake)), "the variable took effect");
    }
}
