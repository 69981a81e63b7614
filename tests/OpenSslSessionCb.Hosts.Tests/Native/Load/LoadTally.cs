namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>How the connections of one load went.</summary>
/// <param name="Resumed">Shook hands, resumed.</param>
/// <param name="Full">Shook hands in full.</param>
/// <param name="Failed">Were accepted by the system and then failed: none may.</param>
/// <param name="Dropped">Were reset before the server said anything: nobody had accepted them when it stopped listening.</param>
/// <param name="Refused">Found nobody listening, and were tried again.</param>
/// <param name="Reasons">Of those that failed.</param>
internal sealed record LoadTally(int Resumed, int Full, int Failed, int Dropped, int Refused, string Reasons)
{
    internal int Connections => Resumed + Full + Failed + Dropped;

    public static LoadTally operator +(LoadTally left, LoadTally right) =>
        new(left.Resumed + right.Resumed, left.Full + right.Full,
            left.Failed + right.Failed, left.Dropped + right.Dropped, left.Refused + right.Refused, left.Reasons + right.Reasons);

    public override string ToString() => $"{Resumed} resumed, {Full} full, {Failed} failed, {Dropped} dropped, {Refused} refused";
}
