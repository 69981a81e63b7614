using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>The one rule for a farm's name, which all its settings follow.</summary>
public sealed class FarmNameTests
{
    [TestCase("a")]
    [TestCase("B\u00fcro 7")]
    public void Name_IsOne_NoProblem(string name) => Assert.That(SessionCacheOptions.ProblemOfFarm(name), Is.Null);

    [Test]
    public void Name_Of256_NoProblem() => Assert.That(SessionCacheOptions.ProblemOfFarm(new string('a', 256)), Is.Null);

    [TestCase(null)]
    [TestCase("")]
    [TestCase(" ")]
    public void Name_Empty_IsRefused(string? name) =>
        Assert.That(SessionCacheOptions.ProblemOfFarm(name), Is.EqualTo("must have 1 to 256 characters"));

    [Test]
    public void Name_Of257_IsRefused() =>
        Assert.That(SessionCacheOptions.ProblemOfFarm(new string('a', 257)), Is.EqualTo("must have 1 to 256 characters"));

    /// <summary>Two farms, each of bytes that are no UTF-8, would be one.</summary>
    [TestCase("shop\ufffd")]
    [TestCase("shop\ud800")]
    public void Name_OfBytesThatAreNoUtf8_IsRefused(string name) =>
        Assert.That(SessionCacheOptions.ProblemOfFarm(name), Is.EqualTo("must be valid Unicode"));
}
