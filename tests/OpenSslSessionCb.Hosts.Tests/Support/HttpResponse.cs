namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>A response as it came.</summary>
internal sealed record HttpResponse(int Status, string Head, string Body)
{
    internal string? Header(string name) => Head.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    /// <summary>The value of a line "name: value" of the body.</summary>
    internal string Line(string name) =>
        Body.Split('\n').Single(line => line.StartsWith(name + ": ", StringComparison.Ordinal))[(name.Length + 2)..];
}
