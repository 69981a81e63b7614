namespace OpenSslSessionCb.Tests;

/// <summary>What a person may get wrong, said in one sentence before anything is connected.</summary>
public sealed class RedisSessionStoreOptionsTests
{
    [TestCase("", "names no server")]
    [TestCase("  ", "names no server")]
    [TestCase("password=hunter2", "names no server")]
    [TestCase("localhost:sixthousand", "names no server")]
    [TestCase("local host", "neither a setting nor the name of a server")]
    [TestCase("localhost:99999", "'port'")]
    [TestCase("localhost,ssl=perhaps", "'ssl'")]
    [TestCase("localhost,connectTimeout=soon", "'connectTimeout'")]
    [TestCase("localhost,colour=red", "a setting that does not exist")]
    [TestCase("localhost,password=hunter2,hunter3=x", "a comma")]
    public void Connect_ConfigurationNotUnderstood_OneSentenceWithoutThePassword(string configuration, string expected)
    {
        var exception = Assert.Throws<ArgumentException>(() => RedisSessionStore.Connect(configuration));
        Assert.That(exception!.Message, Does.StartWith("The Redis configuration is not understood: ").And.Contain(expected));
        Assert.That(exception.ToString(), Does.Not.Contain("hunter"));
    }

    [TestCase("")]
    [TestCase("with space:")]
    [TestCase("schlüssel:")]
    [TestCase("12345678901234567890123456789012345678901234567890123456789012345")]
    public void Connect_KeyPrefixUnfit_Refused(string prefix) =>
        Assert.That(
            () => RedisSessionStore.Connect("localhost", new RedisSessionStoreOptions { KeyPrefix = prefix }),
            Throws.ArgumentException.With.Message.Contains("KeyPrefix"));

    [Test]
    public void Connect_DatabaseBelowMinusOne_Refused() =>
        Assert.That(
            () => RedisSessionStore.Connect("localhost", new RedisSessionStoreOptions { Database = -2 }),
            Throws.InstanceOf<ArgumentOutOfRangeException>());
}
