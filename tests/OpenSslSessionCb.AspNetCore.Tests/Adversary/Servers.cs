using System.Net;
using System.Security.Authentication;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>
/// Two servers with one certificate, each with its own demand, that share their sessions by way of a store, or know nothing of this
/// library. Each answers with the name in its client's certificate.
/// </summary>
/// <remarks>
/// They are in one process and nothing is kept near, so what one of them has made comes to the other as it would to another process: as a
/// record. .NET has one SSL_CTX for the same certificate and the same protocols, and in it a cache of its own; that the first is given its
/// protocols by name keeps the two apart, as two processes are.
/// </remarks>
internal abstract class Servers : IAsyncDisposable
{
    internal IPEndPoint First => EndPoints[0];

    internal IPEndPoint Second => EndPoints[1];

    protected abstract IReadOnlyList<IPEndPoint> EndPoints { get; }

    protected abstract SessionCache? Cache { get; }

    /// <param name="stack">"kestrel" or "sslstream".</param>
    /// <param name="folder">Gets the servers' certificate and their keys.</param>
    /// <param name="isAlone">Without the library: the control.</param>
    /// <param name="first">The demand of the first.</param>
    /// <param name="second">The demand of the second.</param>
    internal static async Task<Servers> StartAsync(string stack, TemporaryFolder folder, bool isAlone, Demand first, Demand second) =>
        stack == "kestrel"
            ? await KestrelServers.StartAsync(folder, isAlone, [first, second])
            : SslStreamServers.Start(folder, isAlone, [first, second]);

    /// <summary>Until everything that was announced so far is in the store.</summary>
    internal Task WrittenAsync() =>
        Cache is { } cache ? Eventually.IsTrueAsync(() => cache.Statistics.Queued == 0, "the queue does not empty") : Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    protected static SslProtocols ProtocolsOf(int server) => server == 0 ? SslProtocols.Tls12 | SslProtocols.Tls13 : SslProtocols.None;

    protected static string PageOf(string? client) => $"You are {client ?? "nobody"}.\n";
}
