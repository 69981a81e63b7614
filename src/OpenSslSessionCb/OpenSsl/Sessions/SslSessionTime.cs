using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// A session's time, by the call that this libssl has: time_t from 3.3 on, before that C long (which ends in 2038 on Windows).
/// </summary>
internal static unsafe class SslSessionTime
{
    private static readonly bool s_hasTimeEx = OpenSslLibrary.Supports("SSL_SESSION_get_time_ex");

    // A decoded session may hold any 64 bits: what .NET's types cannot say becomes the nearest that they can.
    private static readonly long s_firstSecond = DateTimeOffset.MinValue.ToUnixTimeSeconds();
    private static readonly long s_lastSecond = DateTimeOffset.MaxValue.ToUnixTimeSeconds();

    internal static DateTimeOffset Read(SSL_SESSION* session) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(ReadUnixSeconds(session), s_firstSecond, s_lastSecond));

    internal static TimeSpan ReadTimeout(SSL_SESSION* session)
    {
        const long Longest = long.MaxValue / TimeSpan.TicksPerSecond;
        return TimeSpan.FromSeconds(Math.Clamp(LibSsl.SSL_SESSION_get_timeout(session).Value, -Longest, Longest));
    }

    /// <summary>Whether libssl would say that its time is over.</summary>
    internal static bool IsExpired(SSL_SESSION* session) =>
        (Int128)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - ReadUnixSeconds(session)
            > LibSsl.SSL_SESSION_get_timeout(session).Value;

    /// <summary>Whether libssl, which counts whole seconds, may say so a moment later.</summary>
    internal static bool IsNearItsEnd(SSL_SESSION* session) =>
        (Int128)TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 1 - ReadUnixSeconds(session)
            >= LibSsl.SSL_SESSION_get_timeout(session).Value;

    internal static long ReadUnixSeconds(SSL_SESSION* session) =>
        s_hasTimeEx ? LibSsl.SSL_SESSION_get_time_ex(session) : LibSsl.SSL_SESSION_get_time(session).Value;
}
