using NUnit.Framework;
using OpenSslSessionCb.Probe;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>No SSL_SESSION leaks, with attaching, detaching, garbage collection and disposal going on.</summary>
[Category("Soak")]
public sealed class ChurnTests : LeakCheckedTests
{
    [Test]
    public void Churn_ThousandsOfHandshakes_NoSessionLeaks()
    {
        ChurnResult result = Churn.Run(Soak.Count(briefly: 3_000, atLength: 100_000));
        TestContext.Out.WriteLine(result);

        Assert.That(result.Leaked, Is.Zero);
        Assert.That(
            (result.Resumed > 500, result.Attachments > 100, result.Collections > 50), Is.EqualTo((true, true, true)), result.ToString());
    }
}
