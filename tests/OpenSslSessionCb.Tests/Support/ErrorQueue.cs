using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>This thread's error queue in libcrypto.</summary>
internal static unsafe class ErrorQueue
{
    /// <summary>Makes libssl put one error there, and returns its code.</summary>
    public static ulong Push(TlsScene scene)
    {
        byte* context = stackalloc byte[33];
        LibSsl.SSL_CTX_set_session_id_context(scene.Server.Pointer, context, 33);
        return LibCrypto.ERR_peek_last_error().Value;
    }

    /// <summary>Takes all errors off it, oldest first.</summary>
    public static List<ulong> Drain()
    {
        var codes = new List<ulong>();
        while (LibCrypto.ERR_get_error().Value is var code and not 0)
        {
            codes.Add(code);
        }

        return codes;
    }

    /// <summary>Leaves rubbish there, as a careless handler does.</summary>
    public static void Litter()
    {
        byte rubbish = 0;
        byte* position = &rubbish;
        LibSsl.d2i_SSL_SESSION(null, &position, new System.Runtime.InteropServices.CLong(1));
    }
}
