using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>What libssl says of a connection whose handshake is done.</summary>
internal sealed unsafe record TlsFacts(bool IsReused, string Protocol, string Cipher, string Session, bool HasPeerCertificate)
{
    private const int ShownSessionBytes = 4;

    internal static TlsFacts Of(TlsEngine engine) => Of((nint)engine.Pointer);

    internal static TlsFacts Of(nint connection)
    {
        var ssl = (SSL*)connection;
        SSL_SESSION* session = LibSsl.SSL_get_session(ssl);
        return new TlsFacts(
            LibSsl.SSL_session_reused(ssl) != 0,
            Text(LibSsl.SSL_get_version(ssl)),
            Text(LibSsl.SSL_CIPHER_get_name(LibSsl.SSL_get_current_cipher(ssl))),
            ShortId(session),
            session is not null && LibSsl.SSL_SESSION_get0_peer(session) is not null);
    }

    private static string ShortId(SSL_SESSION* session)
    {
        uint length = 0;
        byte* id = session is null ? null : LibSsl.SSL_SESSION_get_id(session, &length);
        return length == 0 ? "none" : Convert.ToHexStringLower(new ReadOnlySpan<byte>(id, (int)Math.Min(length, ShownSessionBytes)));
    }

    private static string Text(byte* text) => Marshal.PtrToStringUTF8((nint)text) ?? "none";
}
