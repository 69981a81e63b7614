using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What is kept of connections, each found by its number. libssl calls the free function of the number's slot for every SSL that goes,
/// however its handshake ended, so that a connection given up in the middle leaves nothing behind.
/// </summary>
/// <remarks>One for a use, for the life of the process. Any thread.</remarks>
/// <param name="freed">Hears of what was kept until its connection was freed, on the thread that frees it. null: nobody does.</param>
internal sealed unsafe class ConnectionTable<T>(Action<T>? freed = null) : ConnectionTable
    where T : class
{
    private readonly ConcurrentDictionary<nint, T> _kept = new();
    private long _last;

    internal int Count => _kept.Count;

    /// <summary>Null: nothing is kept of it.</summary>
    internal T? Find(SSL* ssl) => _kept.TryGetValue(Number.Of(ssl), out T? kept) ? kept : null;

    /// <summary>In place of what was kept, if anything was.</summary>
    /// <exception cref="OpenSslException">Memory is short, and nothing is kept.</exception>
    internal void Set(SSL* ssl, T kept)
    {
        nint number = Number.Of(ssl);
        if (number == 0)
        {
            number = (nint)Interlocked.Increment(ref _last);
            Number.Set(ssl, number);
        }

        _kept[number] = kept;
    }

    internal bool TryRemove(SSL* ssl, [NotNullWhen(true)] out T? kept) => _kept.TryRemove(Number.Of(ssl), out kept);

    private protected override void Free(nint number)
    {
        if (_kept.TryRemove(number, out T? kept))
        {
            freed?.Invoke(kept);
        }
    }
}

/// <summary>What C calls of them: a function cannot be of a generic type.</summary>
internal abstract unsafe class ConnectionTable
{
    private static readonly ConcurrentDictionary<int, ConnectionTable> s_tables = new();

    private protected ConnectionTable()
    {
        Number = ConnectionNumber.Register(&Free);
        s_tables[Number.Index] = this;
    }

    private protected ConnectionNumber Number { get; }

    private protected abstract void Free(nint number);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(void* parent, void* number, CRYPTO_EX_DATA* data, int index, CLong longArgument, void* argument)
    {
        if (number is null)
        {
            return;
        }

        // Who hears of it may call into libcrypto.
        using ErrorMark mark = ErrorMark.Set();
        try
        {
            s_tables[index].Free((nint)number);
        }
        catch (Exception exception)
        {
            UncaughtExceptions.Trace(exception);
        }
    }
}
