using System.Text.RegularExpressions;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>What s_client said of one connection.</summary>
internal sealed partial record Visit(string Output)
{
    internal bool IsResumed => Output.Contains("Reused, TLSv", StringComparison.Ordinal);

    internal bool IsServed => Who is not null;

    /// <summary>Whom the server takes the client for: a subject, or "nobody". Null: it was not served.</summary>
    internal string? Who => Page().Match(Output) is { Success: true } page ? page.Groups[1].Value : null;

    /// <summary>In one line, for a test's message.</summary>
    public override string ToString() => $"{(IsResumed ? "resumed" : "full")}, {(Who is { } who ? "is " + who : "turned away")}";

    [GeneratedRegex(@"You are (.+)\.\n")]
    private static partial Regex Page();
}
