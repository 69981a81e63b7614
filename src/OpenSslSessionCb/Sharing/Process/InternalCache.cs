using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>libssl's own cache of a context, which resumes sessions that nobody has judged.</summary>
internal static unsafe class InternalCache
{
    /// <summary>Switches it off again where the host has set the mode anew while it serves.</summary>
    internal static void KeepOff(SSL_CTX* context)
    {
        long mode = LibSsl.SSL_CTX_get_session_cache_mode(context);
        if ((mode & LibSsl.SSL_SESS_CACHE_SERVER) != 0
            && (mode & LibSsl.SSL_SESS_CACHE_NO_INTERNAL) != LibSsl.SSL_SESS_CACHE_NO_INTERNAL)
        {
            LibSsl.SSL_CTX_set_session_cache_mode(context, (int)mode | LibSsl.SSL_SESS_CACHE_NO_INTERNAL);
        }
    }
}
