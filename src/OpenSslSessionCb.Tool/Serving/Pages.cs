using System.Text;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Answers requests: / about the connection, /stats about the process.</summary>
/// <param name="cache">Null: served without one.</param>
/// <param name="counters">What the server counts.</param>
internal sealed class Pages(SessionCache? cache, ServerCounters counters)
{
    internal Page Find(string method, string path, TlsFacts facts) => (method, path) switch
    {
        (not ("GET" or "HEAD"), _) => Page.Error(405),
        (_, "/") => new Page(200, Describe(facts), Page.PlainText),
        (_, "/stats") => new Page(200, StatisticsJson.Write(cache?.Statistics, counters), Page.Json),
        _ => Page.Error(404),
    };

    private static byte[] Describe(TlsFacts facts) => Encoding.UTF8.GetBytes(
        $"""
        reused: {YesNo(facts.IsReused)}
        protocol: {facts.Protocol}
        cipher: {facts.Cipher}
        session: {facts.Session}
        certificate: {YesNo(facts.HasPeerCertificate)}
        pid: {Environment.ProcessId}

        """.ReplaceLineEndings("\n"));

    private static string YesNo(bool value) => value ? "yes" : "no";
}
