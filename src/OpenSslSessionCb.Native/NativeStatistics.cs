using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Native;

/// <summary>osscb_statistics. Grows at its end only.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeStatistics
{
    internal nuint Size;
    internal ulong Created;
    internal ulong Lookups;
    internal ulong Hits;
    internal ulong NearHits;
    internal ulong Late;
    internal ulong Foreign;
    internal ulong Rejected;
    internal ulong Removed;
    internal ulong Errors;
    internal ulong Dropped;
    internal ulong Queued;

    /// <summary>Fills as much as the caller's header knows of; what a newer header knows besides becomes 0.</summary>
    internal static unsafe void Fill(SessionCacheStatistics statistics, byte* destination)
    {
        nuint size = *(nuint*)destination;
        if (size < (nuint)sizeof(nuint) || size > 4096)
        {
            throw new NativeCallException(Status.Argument, "Set size to sizeof(osscb_statistics) before the call.");
        }

        var filled = new NativeStatistics
        {
            Size = size,
            Created = (ulong)statistics.New,
            Lookups = (ulong)statistics.Get,
            Hits = (ulong)statistics.Hits,
            NearHits = (ulong)statistics.NearHits,
            Late = (ulong)statistics.Late,
            Foreign = (ulong)statistics.ForeignIds,
            Rejected = (ulong)statistics.Rejected,
            Removed = (ulong)statistics.Removed,
            Errors = (ulong)statistics.Errors,
            Dropped = (ulong)statistics.Dropped,
            Queued = (ulong)statistics.Queued,
        };
        var bytes = new ReadOnlySpan<byte>(&filled, sizeof(NativeStatistics));
        var target = new Span<byte>(destination, (int)size);
        target.Clear();
        bytes[..Math.Min(bytes.Length, target.Length)].CopyTo(target);
    }
}
