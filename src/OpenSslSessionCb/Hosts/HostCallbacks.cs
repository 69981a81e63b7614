using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Reads what a host has set on a context, for which libssl has no getter, where somebody has watched it do so: the
/// preloaded library, which stands in front of the setters.
/// </summary>
internal static unsafe class HostCallbacks
{
    /// <summary>The watcher's ex_data slot on SSL_CTX, of a <see cref="WhatHostHasSet"/>. Negative: nobody watches.</summary>
    internal static int WatcherSlot { get; set; } = -1;

    /// <summary>Null: it is not watched.</summary>
    internal static WhatHostHasSet* Find(SSL_CTX* context) =>
        WatcherSlot < 0 ? null : (WhatHostHasSet*)LibSsl.SSL_CTX_get_ex_data(context, WatcherSlot);

    internal static HostCallback Of(SSL_CTX* context)
    {
        WhatHostHasSet* set = Find(context);
        return set is null ? HostCallback.None : (HostCallback)Volatile.Read(ref set->Flags);
    }

    internal static bool Has(SSL_CTX* context, HostCallback callback) => (Of(context) & callback) != 0;

    /// <summary>Whether what the host sets on this context is seen by the watcher, or nobody watches at all.</summary>
    internal static bool AreSeen(SSL_CTX* context) => WatcherSlot < 0 || Has(context, HostCallback.Watched);

    /// <summary>
    /// Whether a connection of this context stays where it is after its ClientHello, with the certificate that it has: the setters
    /// were watched, and the host has set none of those callbacks.
    /// </summary>
    internal static bool AllStays(SSL_CTX* context) =>
        (Of(context) & (HostCallback.Watched | HostCallback.ServerName | HostCallback.Certificate)) == HostCallback.Watched;
}
