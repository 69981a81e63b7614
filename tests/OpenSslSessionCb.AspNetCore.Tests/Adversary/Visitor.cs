using System.Net;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>A client, openssl's s_client, that comes again and again, and offers the last session that it was given.</summary>
internal sealed class Visitor(TemporaryFolder folder, string name, string version)
{
    private int _visits;
    private string? _session;

    /// <param name="server">Where.</param>
    /// <param name="options">The certificate that it has, as s_client's options say it.</param>
    internal async Task<Visit> VisitAsync(IPEndPoint server, params IEnumerable<string> options)
    {
        string given = folder[$"{name}-{++_visits}.session"];
        Visit visit = await VisitAsync(server, _session, given, options);
        if (File.Exists(given))
        {
            _session = given;
        }

        return visit;
    }

    /// <summary>Offers the session that it has, and takes no other.</summary>
    internal Task<Visit> VisitWithThisSessionAsync(IPEndPoint server, params IEnumerable<string> options) =>
        VisitAsync(server, _session, null, options);

    private async Task<Visit> VisitAsync(IPEndPoint server, string? offer, string? taken, IEnumerable<string> options) =>
        new(await SClient.GetAsync(
            server,
            [
                "-tls" + version.Replace('.', '_'),
                .. offer is null ? (string[])[] : ["-sess_in", offer],
                .. taken is null ? (string[])[] : ["-sess_out", taken],
                .. options,
            ]));
}
