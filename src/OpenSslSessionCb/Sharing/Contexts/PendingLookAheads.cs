using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The lookups that suspended handshakes wait for.</summary>
internal static unsafe class PendingLookAheads
{
    private static readonly ConnectionTable<Task> s_pending = new();

    internal static int Count => s_pending.Count;

    internal static void Add(SSL* ssl, Task lookups) => s_pending.Set(ssl, lookups);

    internal static Task? Find(SSL* ssl) => s_pending.Find(ssl);

    internal static void Remove(SSL* ssl) => s_pending.TryRemove(ssl, out _);
}
