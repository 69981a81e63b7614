using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A session's time, by the call that this libssl has: time_t from 3.3 on, before that C long (which ends in 2038 on Windows).</summary>
internal static unsafe class SslSessionTime
{
    private static readonly bool s_hasTimeEx = OpenSslLibrary.Supports("SSL_SESSION_get_time_ex");

    internal static DateTimeOffset Read(SSL_SESSION* session) => DateTimeOffset.FromUnixTimeSeconds(ReadUnixSeconds(session));

    internal static long ReadUnixSeconds(SSL_SESSION* session) =>
        s_hasTimeEx ? LibSsl.SSL_SESSION_get_time_ex(session) : LibSsl.SSL_SESSION_get_time(session).Value;
}
