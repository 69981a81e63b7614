namespace OpenSslSessionCb.Tool.Checking;

/// <summary>What came of offering one server's session to another, or to itself.</summary>
/// <param name="Counts">Both servers speak the version, so that it should have resumed.</param>
internal sealed record CheckResult(string Text, bool IsResumed, bool Counts)
{
    internal static CheckResult Resumed { get; } = new("resumed", IsResumed: true, Counts: true);

    internal static CheckResult NothingToOffer { get; } = new("nothing to offer", IsResumed: false, Counts: false);

    internal static CheckResult Full(string reason) => new($"full: {reason}", IsResumed: false, Counts: true);

    internal static CheckResult NotReached(string obstacle) => new(obstacle, IsResumed: false, Counts: false);
}
