using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A key that alice and the host share: SSL_CTX_set_psk_server_callback, which goes for TLS 1.2 and 1.3.</summary>
internal static unsafe class PreSharedKey
{
    private const int Length = 32;

    /// <summary>Whether the host knows alice; false: it has taken her key away.</summary>
    public static bool IsKnown { get; set; }

    public static void Accept(TlsContext server)
    {
        ((delegate* unmanaged[Cdecl]<SSL_CTX*, delegate* unmanaged[Cdecl]<SSL*, byte*, byte*, uint, uint>, void>)
            OpenSslLibrary.GetExport("SSL_CTX_set_psk_server_callback"))(server.Pointer, &Find);

        // Such keys are of SHA-256, and libssl passes over them where the hash is another.
        ContextSetup.CipherSuites(server, "TLS_AES_128_GCM_SHA256");
    }

    public static void Offer(TlsContext client)
    {
        ((delegate* unmanaged[Cdecl]<SSL_CTX*, delegate* unmanaged[Cdecl]<SSL*, byte*, byte*, uint, byte*, uint, uint>, void>)
            OpenSslLibrary.GetExport("SSL_CTX_set_psk_client_callback"))(client.Pointer, &Give);
        ContextSetup.Ciphers(client, "PSK");
    }

    /// <summary>Another handshake on the same two objects, as a host that uses them again makes it: by the key, and no session.</summary>
    public static bool ConnectAgain(TlsPair pair)
    {
        _ = LibSsl.SSL_clear(pair.Server);
        _ = LibSsl.SSL_clear(pair.Client);
        _ = LibSsl.SSL_set_session(pair.Client, null);
        ((delegate* unmanaged[Cdecl]<SSL*, delegate* unmanaged[Cdecl]<SSL*, byte*, byte*, uint, byte*, uint, uint>, void>)
            OpenSslLibrary.GetExport("SSL_set_psk_client_callback"))(pair.Client, &Give);
        return pair.TryHandshake();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint Find(SSL* ssl, byte* identity, byte* key, uint longest)
    {
        if (!IsKnown || Marshal.PtrToStringUTF8((nint)identity) != "alice")
        {
            return 0;
        }

        new Span<byte>(key, Length).Fill(7);
        return Length;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static uint Give(SSL* ssl, byte* hint, byte* identity, uint longestIdentity, byte* key, uint longest)
    {
        "alice\0"u8.CopyTo(new Span<byte>(identity, (int)longestIdentity));
        new Span<byte>(key, Length).Fill(7);
        return Length;
    }
}
