using System.Text;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Answers requests: / about the connection, /stats about the process.</summary>
internal sealed class Pages(SessionCache cache, ServerCounters counters)
{
    internal byte[] Answer(RequestHead request, TlsFacts facts) => request switch
    {
        { Problem: not 0 } => Response.Error(request.Problem, request),
        { Method: not ("GET" or "HEAD") } => Response.Error(405, request, "Allow: GET, HEAD\r\n"),
        { Path: "/" } => Response.Create(200, Describe(facts), Response.PlainText, request),
        { Path: "/stats" } => Response.Create(200, StatisticsJson.Write(cache.Statistics, counters), Response.Json, request),
        _ => Response.Error(404, request),
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
