using NUnit.Framework;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Once per run: says which libssl is tested (the matrix reads this line), and begins to count sessions.</summary>
[SetUpFixture]
public sealed class TestRun
{
    [OneTimeSetUp]
    public void Begin()
    {
        LiveSessionCount.Start();
        TestContext.Progress.WriteLine($"libssl: {OpenSslSessionCb.OpenSslLibrary.VersionText}");
    }
}
