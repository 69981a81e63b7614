using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The function libssl calls for the id of a new session (GEN_SESSION_CB).</summary>
/// <remarks>
/// It has no getter, so what a host had set cannot be chained to. Where no handler makes the id, and where one fails, the id is random,
/// as libssl's own is: the handshake goes on, and the session is one that this farm will not ask its store for.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_generate_session_id/"/>
internal static unsafe class SessionIdTrampoline
{
    internal static delegate* unmanaged[Cdecl]<SSL*, byte*, uint*, int> Function { get; } =
        (delegate* unmanaged[Cdecl]<SSL*, byte*, uint*, int>)EntryPoints.Guard(
            EntryPoint.GenerateId, (nint)(delegate* unmanaged[Cdecl]<SSL*, byte*, uint*, int>)&Generate);

    /// <summary>
    /// libssl has set the length to the longest that is allowed, and takes a shorter one for zero-padded or
    /// refuses it: it is left as it is.
    /// </summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Generate(SSL* ssl, byte* id, uint* length)
    {
        SessionAttachment? attachment = SessionTrampolines.FindState(ssl)?.Attachment;
        using ErrorMark mark = ErrorMark.Set();
        try
        {
            if (attachment?.Handler is ISessionIdMaker maker && maker.TryMakeId(new SslRef(ssl), new Span<byte>(id, (int)*length)))
            {
                return 1;
            }
        }
        catch (Exception exception)
        {
            attachment?.Park(SessionCallbackKinds.New, exception);
        }

        // 0 is fatal to the handshake; so is a libcrypto without entropy, whoever asks it.
        return LibCrypto.RAND_bytes(id, (int)*length) == 1 ? 1 : 0;
    }
}
