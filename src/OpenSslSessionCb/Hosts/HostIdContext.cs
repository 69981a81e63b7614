using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// By which session id context a host keeps the clients of a connection apart from its other ones, which libssl cannot compare any
/// more, since ours has taken its place.
/// </summary>
/// <param name="Value">What the host has set.</param>
/// <param name="IsConnectionsOwn">Whether it has set it on the connection.</param>
/// <remarks>
/// Most servers set one, since libssl demands it where clients are verified, and each server another one: that keeps nobody apart,
/// and is <see langword="default"/>. One that sets it on each connection means it, and so does one that has several.
/// </remarks>
internal readonly unsafe record struct HostIdContext(IdContext? Value, bool IsConnectionsOwn)
{
    /// <summary>The watcher's ex_data slot on SSL; negative: nobody watches.</summary>
    internal static int WatcherSlot { get; set; } = -1;

    /// <summary>Whether contexts of this process have been given different ones; null: nobody watches.</summary>
    internal static int* AreSeveral { get; set; }

    internal static HostIdContext Of(SSL* ssl)
    {
        if (WatcherSlot < 0 || HostProgram.Current is not { IdContextsAreAddresses: false })
        {
            return default;
        }

        var own = (WhatHostHasSet.NotedIdContext*)LibSsl.SSL_get_ex_data(ssl, WatcherSlot);
        if (own is not null)
        {
            return new HostIdContext(own->Value, IsConnectionsOwn: true);
        }

        WhatHostHasSet* set = AreSeveral is not null && Volatile.Read(ref *AreSeveral) != 0
            ? HostCallbacks.Find(LibSsl.SSL_get_SSL_CTX(ssl))
            : null;
        return set is null ? default : new HostIdContext(set->IdContext.Value, IsConnectionsOwn: false);
    }

    /// <summary>What a session that is announced on a connection is known by later, whether or not that is compared here.</summary>
    internal static SessionMaker MakerOf(SSL* ssl)
    {
        if (HostProgram.Current is not { } program)
        {
            return default;
        }

        var own = (WhatHostHasSet.NotedIdContext*)(WatcherSlot < 0 ? null : LibSsl.SSL_get_ex_data(ssl, WatcherSlot));
        WhatHostHasSet* set = own is null ? HostCallbacks.Find(LibSsl.SSL_get_SSL_CTX(ssl)) : null;
        IdContext value = own is not null ? own->Value : set is not null ? set->IdContext.Value : default;
        return new SessionMaker(program.Number, value);
    }

    /// <summary>
    /// Whether a session is for such a connection. One of another program is not kept apart from anybody; where the host keeps its
    /// connections apart one by one, it belongs to none of them.
    /// </summary>
    internal bool Allows(in SessionMaker maker) => Value is not { } value
        || (maker.Program == HostProgram.Current?.Number ? maker.IdContext == value : !IsConnectionsOwn);
}
