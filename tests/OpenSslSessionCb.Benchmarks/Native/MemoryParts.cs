using System.Globalization;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>Of what a process's memory is, in KB of Pss: from /proc/PID/smaps.</summary>
internal sealed class MemoryParts
{
    // glibc makes an arena of a thread in 64 MB of addresses, at a multiple of that; .NET's heap has a range of 256 MB.
    private const ulong Arena = 64UL << 20;
    private const ulong ManagedRange = 200UL << 20;

    internal double Library { get; private set; }

    internal double Sqlite { get; private set; }

    internal double ManagedHeap { get; private set; }

    internal double Malloc { get; private set; }

    internal double OtherAnonymous { get; private set; }

    internal double OtherFiles { get; private set; }

    internal static MemoryParts Of(int process)
    {
        var parts = new MemoryParts();
        var neighbours = new List<Mapping>();
        foreach (Mapping mapping in Read(process))
        {
            if (mapping.Name.Length > 0 || (neighbours.Count > 0 && neighbours[^1].End != mapping.Start))
            {
                parts.AddAnonymous(neighbours);
                neighbours.Clear();
            }

            if (mapping.Name.Length == 0)
            {
                neighbours.Add(mapping);
            }
            else
            {
                parts.AddNamed(mapping);
            }
        }

        parts.AddAnonymous(neighbours);
        return parts;
    }

    private void AddNamed(Mapping mapping)
    {
        if (mapping.Name == "[heap]")
        {
            Malloc += mapping.PssKb;
        }
        else if (mapping.Name.Contains("libopensslsessioncb", StringComparison.Ordinal))
        {
            Library += mapping.PssKb;
        }
        else if (mapping.Name.Contains("libe_sqlite3", StringComparison.Ordinal))
        {
            Sqlite += mapping.PssKb;
        }
        else if (mapping.Name.StartsWith("[stack", StringComparison.Ordinal))
        {
            OtherAnonymous += mapping.PssKb;
        }
        else
        {
            OtherFiles += mapping.PssKb;
        }
    }

    /// <summary>Mappings without a name, each of which begins where the one before it ends: reserved together, and in parts used.</summary>
    private void AddAnonymous(List<Mapping> neighbours)
    {
        if (neighbours.Count == 0)
        {
            return;
        }

        double pss = neighbours.Sum(static mapping => mapping.PssKb);
        ulong length = neighbours[^1].End - neighbours[0].Start;
        if (length >= ManagedRange)
        {
            ManagedHeap += pss;
        }
        else if (length % Arena == 0 && neighbours[0].Start % Arena == 0)
        {
            Malloc += pss;
        }
        else
        {
            OtherAnonymous += pss;
        }
    }

    private static IEnumerable<Mapping> Read(int process)
    {
        string? head = null;
        foreach (string line in File.ReadLines($"/proc/{process}/smaps"))
        {
            // A mapping begins with its addresses; of the lines after it, each begins with a name.
            if (char.IsAsciiHexDigitLower(line[0]))
            {
                head = line;
            }
            else if (line.StartsWith("Pss:", StringComparison.Ordinal) && head is not null)
            {
                yield return Mapping.Parse(head, double.Parse(line[4..^2], CultureInfo.InvariantCulture));
            }
        }
    }

    private sealed record Mapping(ulong Start, ulong End, string Name, double PssKb)
    {
        internal static Mapping Parse(string head, double pssKb)
        {
            string[] fields = head.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            string[] range = fields[0].Split('-');
            return new Mapping(
                ulong.Parse(range[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                ulong.Parse(range[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
                fields.Length > 5 ? fields[5].Trim() : "",
                pssKb);
        }
    }
}
