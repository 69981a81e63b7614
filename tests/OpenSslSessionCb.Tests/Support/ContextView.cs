using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>The settings of a context that the cache touches, as libssl reads them back.</summary>
internal readonly record struct ContextView(long CacheMode, bool NoTicket, int Tickets)
{
    public static unsafe ContextView Of(TlsContext context) => new(
        LibSsl.SSL_CTX_get_session_cache_mode(context.Pointer),
        (LibSsl.SSL_CTX_get_options(context.Pointer) & LibSsl.SSL_OP_NO_TICKET) != 0,
        (int)LibSsl.SSL_CTX_get_num_tickets(context.Pointer));
}
