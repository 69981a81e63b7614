using System.Globalization;
using System.Text.RegularExpressions;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>What a process has in RAM, in KB.</summary>
/// <param name="PrivateKb">What it alone has.</param>
/// <param name="PssKb">That, and its share of what it has with others.</param>
/// <param name="RssKb">That, and all of what it has with others.</param>
internal sealed partial record ProcessMemory(double PrivateKb, double PssKb, double RssKb)
{
    internal static ProcessMemory Of(int process)
    {
        string text = File.ReadAllText($"/proc/{process}/smaps_rollup");
        return new ProcessMemory(Sum(text, "Private_Clean") + Sum(text, "Private_Dirty"), Sum(text, "Pss"), Sum(text, "Rss"));
    }

    internal static double Sum(string text, string field) =>
        Fields().Matches(text).Where(match => match.Groups[1].Value == field)
            .Sum(static match => double.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture));

    [GeneratedRegex(@"^(\w+): +(\d+) kB$", RegexOptions.Multiline)]
    private static partial Regex Fields();
}
