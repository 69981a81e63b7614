using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// A host whose setters are watched, as the preloaded library does it: what it has set lies in slots. One at a time; where it ends,
/// nobody watches.
/// </summary>
internal sealed unsafe class WatchedHost : IDisposable
{
    private static readonly int s_contextSlot = LibSsl.SSL_CTX_get_ex_new_index(default, null, null, null, null);
    private static readonly int s_connectionSlot = LibSsl.SSL_get_ex_new_index(default, null, null, null, null);
    private static Action<nint, nint> s_look = static (_, _) => { };

    private readonly WhatHostHasSet* _set = (WhatHostHasSet*)NativeMemory.AllocZeroed((nuint)sizeof(WhatHostHasSet));
    private readonly WhatHostHasSet.NotedIdContext* _own =
        (WhatHostHasSet.NotedIdContext*)NativeMemory.AllocZeroed((nuint)sizeof(WhatHostHasSet.NotedIdContext));
    private readonly int* _areSeveral = (int*)NativeMemory.AllocZeroed(sizeof(int));
    private readonly Dictionary<SessionCache, ProcessAttachment> _attachments = [];
    private bool _hasOwn;

    internal WatchedHost(string program = "server", int flags = (int)HostCallback.Watched)
    {
        HostCallbacks.WatcherSlot = s_contextSlot;
        HostIdContext.WatcherSlot = s_connectionSlot;
        HostIdContext.AreSeveral = _areSeveral;
        HostProgram.Watch(program);
        _set->Flags = flags;
    }

    internal WhatHostHasSet* Set => _set;

    /// <summary>Whether contexts of this process have been given different session id contexts.</summary>
    internal bool HasSeveralIdContexts
    {
        set => *_areSeveral = value ? 1 : 0;
    }

    public void Dispose()
    {
        foreach (ProcessAttachment attachment in _attachments.Values)
        {
            attachment.Dispose();
        }

        HostCallbacks.WatcherSlot = -1;
        HostIdContext.WatcherSlot = -1;
        HostIdContext.AreSeveral = null;
        HostProgram.Watch(null);
        NativeMemory.Free(_set);
        NativeMemory.Free(_own);
        NativeMemory.Free(_areSeveral);
    }

    /// <summary>What the host gives to its contexts, or to each connection.</summary>
    internal void KeepApart(string? context, string? connection)
    {
        _set->IdContext = Noted(context ?? "");
        _hasOwn = connection is not null;
        *_own = Noted(connection ?? "");
    }

    /// <summary>One connection, in a process of its own as far as the cache is concerned.</summary>
    internal ClientSession Connect(
        SessionCache cache, TlsContext server, TlsContext client, ClientSession? offer, out bool resumed, Action<nint>? afterwards = null)
    {
        _ = LibSsl.SSL_CTX_set_ex_data(server.Pointer, s_contextSlot, _set);
        if (!_attachments.TryGetValue(cache, out ProcessAttachment? attachment))
        {
            _attachments[cache] = attachment = cache.AttachToWatchedProcess();
        }

        s_look = (ssl, context) =>
        {
            _ = LibSsl.SSL_set_ex_data((SSL*)ssl, s_connectionSlot, _hasOwn ? _own : null);
            attachment.OnClientHello((SSL*)ssl, (SSL_CTX*)context);
        };
        LibSsl.SSL_CTX_set_client_hello_cb(server.Pointer, &ClientHello, null);
        using var pair = new TlsPair(server, client, offer);
        pair.Connect();
        resumed = pair.Resumed;
        afterwards?.Invoke((nint)LibSsl.SSL_get_session(pair.Server));
        ClientSession session = pair.TakeClientSession();
        pair.Close();
        return session;
    }

    private static WhatHostHasSet.NotedIdContext Noted(string text)
    {
        var noted = new WhatHostHasSet.NotedIdContext { Length = text.Length };
        System.Text.Encoding.ASCII.GetBytes(text).CopyTo((Span<byte>)noted.Bytes);
        return noted;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(System.Runtime.CompilerServices.CallConvCdecl)])]
    private static int ClientHello(SSL* ssl, int* alert, void* argument)
    {
        s_look((nint)ssl, (nint)LibSsl.SSL_get_SSL_CTX(ssl));
        return LibSsl.SSL_CLIENT_HELLO_SUCCESS;
    }
}
