using System.Globalization;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>What this process may do, and hands on: its users and groups, capabilities, signals. From /proc/self/status.</summary>
internal sealed class ProcessRights
{
    private readonly Dictionary<string, string> _lines;

    private ProcessRights(Dictionary<string, string> lines) => _lines = lines;

    internal uint RealUser => Id("Uid", 0);

    internal uint EffectiveUser => Id("Uid", 1);

    internal uint RealGroup => Id("Gid", 0);

    internal uint EffectiveGroup => Id("Gid", 1);

    /// <summary>No program that it starts gets other rights than it has.</summary>
    internal bool NoNewPrivileges => _lines.GetValueOrDefault("NoNewPrivs") == "1";

    internal ulong InheritableCapabilities => Bits("CapInh");

    internal ulong BoundingCapabilities => Bits("CapBnd");

    /// <summary>Bit 0 is signal 1.</summary>
    internal ulong IgnoredSignals => Bits("SigIgn");

    /// <summary>Of the main thread.</summary>
    internal ulong BlockedSignals => Bits("SigBlk");

    internal static ProcessRights Read() => new(File.ReadLines("/proc/self/status")
        .Select(static line => line.Split(':', 2))
        .Where(static parts => parts.Length == 2)
        .ToDictionary(static parts => parts[0], static parts => parts[1].Trim()));

    private uint Id(string name, int index) => uint.Parse(_lines[name].Split('\t')[index], CultureInfo.InvariantCulture);

    private ulong Bits(string name) => ulong.Parse(_lines[name], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
