using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>A fixture with SslStream in this process: for a libssl that SslStream uses too.</summary>
public abstract class SslStreamTests : LeakCheckedTests
{
    [OneTimeSetUp]
    public void RequireOneLibSsl()
    {
        try
        {
            SslStreamLibSsl.Share();
        }
        catch (Exception exception) when (exception is InvalidOperationException or PlatformNotSupportedException)
        {
            Assert.Ignore(exception.Message);
        }
    }
}
