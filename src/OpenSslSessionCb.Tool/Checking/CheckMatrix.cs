using OpenSslSessionCb.Tool.Choices;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Checking;

/// <summary>Who resumes whose sessions, on one version.</summary>
internal sealed class CheckMatrix : IDisposable
{
    // What a server writes to a store it writes after the handshake; no client is back sooner.
    private static readonly TimeSpan s_settlingTime = TimeSpan.FromMilliseconds(300);

    private readonly SafeTlsContext _context;
    private readonly CheckClient _client;
    private readonly IReadOnlyList<PeerAddress> _peers;
    private readonly CheckVisit[] _first;
    private readonly CheckResult[,] _results;

    internal CheckMatrix(TlsVersions version, CheckOptions options)
    {
        Version = version;
        _context = ClientContext.Create(version, trustedCertificateFile: null, options.CertificateFile, options.KeyFile);
        _client = new CheckClient(_context, version, options);
        _peers = options.Peers;
        _first = new CheckVisit[_peers.Count];
        _results = new CheckResult[_peers.Count, _peers.Count];
    }

    internal TlsVersions Version { get; }

    internal IReadOnlyList<CheckVisit> First => _first;

    internal CheckResult this[int maker, int target] => _results[maker, target];

    internal IEnumerable<CheckResult> Results => _results.Cast<CheckResult>();

    internal async Task FillAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < _peers.Count; i++)
        {
            _first[i] = await _client.VisitAsync(_peers[i], offered: null, cancellationToken);
        }

        // A session for each offer: a server may honour it once only.
        var made = new CheckVisit?[_peers.Count, _peers.Count];
        try
        {
            await ForEachPairAsync(async (maker, target) =>
                made[maker, target] = await _client.VisitAsync(_peers[maker], offered: null, cancellationToken), BothSpeak);
            await Task.Delay(s_settlingTime, cancellationToken);
            await ForEachPairAsync(
                async (maker, target) => _results[maker, target] = await OfferAsync(made[maker, target], maker, target, cancellationToken),
                (_, _) => true);
        }
        finally
        {
            foreach (CheckVisit? visit in made)
            {
                visit?.Dispose();
            }
        }
    }

    public void Dispose()
    {
        foreach (CheckVisit? visit in _first)
        {
            visit?.Dispose();
        }

        _context.Dispose();
    }

    private bool BothSpeak(int maker, int target) => _first[maker].Obstacle is null && _first[target].Obstacle is null;

    private async Task ForEachPairAsync(Func<int, int, Task> action, Func<int, int, bool> includes)
    {
        for (int maker = 0; maker < _peers.Count; maker++)
        {
            for (int target = 0; target < _peers.Count; target++)
            {
                if (includes(maker, target))
                {
                    await action(maker, target);
                }
            }
        }
    }

    private async Task<CheckResult> OfferAsync(CheckVisit? made, int maker, int target, CancellationToken cancellationToken)
    {
        if (made is null)
        {
            return _first[target].Obstacle is { } obstacle ? CheckResult.NotReached(obstacle) : CheckResult.NothingToOffer;
        }

        if (made.Session is null)
        {
            return CheckResult.Full(made.Obstacle ?? $"no session given by {_peers[maker]}");
        }

        using CheckVisit visit = await _client.VisitAsync(_peers[target], made.Session, cancellationToken);
        return visit.Obstacle is { } trouble ? CheckResult.Full(trouble)
            : visit.IsResumed ? CheckResult.Resumed
            : CheckResult.Full("session refused");
    }
}
