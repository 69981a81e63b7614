namespace OpenSslSessionCb.Benchmarks;

/// <summary>New servers, variant after variant, and the first two full handshakes of each.</summary>
internal static class FirstHandshakes
{
    private const double LimitMs = 50;

    internal static async Task<IReadOnlyList<FirstHandshakeResult>> RunAsync(
        NativeFiles files, IReadOnlyList<NginxVariant> variants, int rounds)
    {
        List<(double First, double Second)>[] times = [.. variants.Select(static _ => new List<(double, double)>())];

        // The first round finds the libraries' files on disk, and makes the database and the keys.
        for (int round = -1; round < rounds; round++)
        {
            foreach ((int index, NginxVariant variant) in variants.Index())
            {
                await using NginxServer server = await NginxServer.StartAsync(files, variant);
                using var client = new LoadClient(files, server, "1.3", sessions: 1);
                double first = client.Full(1).ElapsedUs / 1e3;
                double second = client.Full(1).ElapsedUs / 1e3;
                if (round >= 0)
                {
                    times[index].Add((first, second));
                }
            }
        }

        double own = times[0].Select(static time => time.First).Median();
        return [.. variants.Select((variant, index) =>
        {
            double first = times[index].Select(static time => time.First).Median();
            return new FirstHandshakeResult(
                variant.Name, Math.Round(first, 2), Math.Round(first - own, 2), index == 0 ? null : LimitMs,
                Math.Round(times[index].Select(static time => time.Second).Median(), 2), rounds);
        })];
    }
}
