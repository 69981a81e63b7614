using CsCheck;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>A host name comes from the network: anything but one plain name is none.</summary>
public sealed class ClientHelloHostNameTests
{
    [Test]
    public void Parse_OneName_IsRead() =>
        Assert.That(ClientHelloHostName.Parse([0, 8, 0, 0, 5, .. "a.com"u8]), Is.EqualTo("a.com"));

    [TestCase("", Description = "nothing")]
    [TestCase("0003000000", Description = "an empty name")]
    [TestCase("0008000006612e636f6d", Description = "longer than it is")]
    [TestCase("0008000004612e636f6d", Description = "something behind it")]
    [TestCase("0008010005612e636f6d", Description = "another type of name")]
    [TestCase("0008000005610a636f6d", Description = "a line feed, for the log")]
    [TestCase("000800000561c3a46f6d", Description = "not ASCII")]
    public void Parse_AnythingElse_IsNone(string hex) =>
        Assert.That(ClientHelloHostName.Parse(Convert.FromHexString(hex)), Is.Null);

    [Test]
    public void Parse_AnyBytes_NeverThrows() =>
        Gen.Byte.Array[0, 300]
            .Sample(static bytes => ClientHelloHostName.Parse(bytes) is null or { Length: > 0 and <= 255 }, iter: 100_000);
}
