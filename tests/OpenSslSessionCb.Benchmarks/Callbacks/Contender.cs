using System.Runtime.InteropServices;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>One of the two that are compared: a server context with its callbacks.</summary>
internal abstract unsafe class Contender(CallbackCase which) : IDisposable
{
    /// <summary>
    /// Long enough to fill the processor's caches with this contender's code, short enough that both meet the same machine.
    /// </summary>
    internal const int SliceLength = 50;

    private readonly TlsContext _client = TlsContext.Client(which.Version, which.Mutual);
    private readonly ulong[] _nanoseconds = new ulong[SliceLength];

    internal TlsContext Server { get; } = TlsContext.Server(which.Version, mutual: which.Mutual);

    internal TlsContext Client => _client;

    /// <summary>Whether nothing is left to do that handshakes have caused.</summary>
    protected abstract bool IsIdle { get; }

    /// <summary>
    /// Makes one slice of connections, and allocates nothing; answers the server's time for each, in ns, until the next slice.
    /// </summary>
    internal ReadOnlySpan<ulong> Connect()
    {
        int made, reused;
        fixed (ulong* nanoseconds = _nanoseconds)
        {
            made = Osr.osr_bench(Server.Pointer, _client.Pointer, which.Resumed ? 1 : 0, SliceLength, nanoseconds, &reused);
        }

        if (made != SliceLength || reused != (which.Resumed ? SliceLength : 0))
        {
            throw new InvalidOperationException($"{which.Name}: {made} of {SliceLength} connections were made, {reused} of them "
                + $"resumed: {Marshal.PtrToStringUTF8((nint)Osr.osr_last_error())}");
        }

        return _nanoseconds;
    }

    /// <summary>Waits, without spending CPU, until <see cref="IsIdle"/>; at least once, so that both rest alike.</summary>
    internal void Rest()
    {
        do
        {
            Thread.Sleep(1);
        }
        while (!IsIdle);
    }

    public virtual void Dispose()
    {
        Server.Dispose();
        _client.Dispose();
    }
}
