namespace OpenSslSessionCb.Benchmarks;

/// <summary>What the preloaded library costs a program that never speaks TLS.</summary>
/// <param name="Program">Which.</param>
/// <param name="WithoutUs">From its start to its end without the library, in µs: the median.</param>
/// <param name="ExtraUs">How much longer with it, in µs: the median over pairs of turns.</param>
/// <param name="ExtraMarginUs">Half the width of its 95 % confidence interval.</param>
/// <param name="ExtraLimitUs">What that must be under.</param>
/// <param name="WithoutPrivateKb">Its private memory without the library, in KB: what it alone has in RAM.</param>
/// <param name="ExtraPrivateKb">How much more with it: the median.</param>
/// <param name="ExtraPssKb">How much more of RAM, shared pages by their share, in KB: the median.</param>
/// <param name="ExtraRssKb">How much more of RAM, shared pages in full, in KB: the median.</param>
/// <param name="ExtraLimitKb">What each of these must be under.</param>
internal sealed record StartUpResult(
    string Program,
    double WithoutUs,
    double ExtraUs,
    double ExtraMarginUs,
    double ExtraLimitUs,
    double WithoutPrivateKb,
    double ExtraPrivateKb,
    double ExtraPssKb,
    double ExtraRssKb,
    double ExtraLimitKb)
{
    internal bool IsWithinLimit => ExtraUs < ExtraLimitUs && Math.Max(ExtraPrivateKb, Math.Max(ExtraPssKb, ExtraRssKb)) < ExtraLimitKb;
}
