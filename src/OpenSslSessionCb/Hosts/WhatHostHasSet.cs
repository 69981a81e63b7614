using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>What lies in the watcher's slot on an SSL_CTX: what_host_has_set of native/preload/contract.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct WhatHostHasSet
{
    internal int Flags;
    internal NotedIdContext IdContext;

    /// <summary>SSL_CTX_generate_session_ticket_fn.</summary>
    internal delegate* unmanaged[Cdecl]<SSL*, void*, int> MakeTicket;

    /// <summary>SSL_CTX_decrypt_session_ticket_fn.</summary>
    internal delegate* unmanaged[Cdecl]<SSL*, SSL_SESSION*, byte*, nuint, int, void*, int> JudgeTicket;

    internal void* TicketArgument;

    /// <summary>id_context there; it also lies in the watcher's slot on an SSL, where the connection has its own.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct NotedIdContext
    {
        internal int Length;
        internal Space Bytes;

        internal readonly IdContext Value => OpenSslSessionCb.IdContext.Of(((ReadOnlySpan<byte>)Bytes)[..Length]);
    }

    [InlineArray(OpenSslSessionCb.IdContext.MaxLength)]
    internal struct Space
    {
        private byte _first;
    }
}
