using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// Every scenario of what fires when: the managed handler and the C reference, each on a context of its own, must see the
/// same callbacks in the same order on the same libssl.
/// </summary>
public sealed class TranscriptTests : LeakCheckedTests
{
    private static readonly Scenario[] s_scenarios = [.. Scenario.All];

    [TestCaseSource(nameof(s_scenarios))]
    public void Callbacks_Scenario_SameTranscriptAsC(Scenario scenario)
    {
        string reference = WithRemovesInOrder(RunReference(scenario));
        string managed = WithRemovesInOrder(RunManaged(scenario));

        TestContext.Out.WriteLine(reference);
        Assert.That(managed, Is.EqualTo(reference));
        Assert.That(reference, scenario.IsSilent ? Is.Empty : Is.Not.Empty, "what the C reference saw");
    }

    // When 1.1.1 flushes, it walks a table by the hash of random ids: sessions removed in a row have no order.
    private static string WithRemovesInOrder(string transcript)
    {
        var lines = new List<string>();
        var removes = new List<string>();
        foreach (string line in transcript.Split('\n').Append(""))
        {
            if (line.StartsWith("remove ", StringComparison.Ordinal))
            {
                removes.Add(line);
                continue;
            }

            lines.AddRange(removes.Order(StringComparer.Ordinal));
            removes.Clear();
            lines.Add(line);
        }

        return string.Join('\n', lines).TrimEnd('\n');
    }

    private static string RunReference(Scenario scenario)
    {
        using var cache = new ReferenceCache();
        using TlsContext server = scenario.Server();
        using TlsContext client = scenario.Client();
        cache.Record();
        cache.Attach(server);
        scenario.Run(server, client);
        server.Dispose();
        return cache.Transcript;
    }

    private static string RunManaged(Scenario scenario)
    {
        var handler = new RecordingHandler();
        using TlsContext server = scenario.Server();
        using TlsContext client = scenario.Client();
        using SessionAttachment attachment = SessionCallbacks.Attach(server, handler);
        scenario.Run(server, client);
        Assert.That(attachment.LastFailure, Is.Null);
        server.Dispose();
        return handler.Transcript;
    }
}
