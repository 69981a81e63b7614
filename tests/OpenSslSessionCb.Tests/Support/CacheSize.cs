using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

internal static unsafe class CacheSize
{
    public static void Set(TlsContext context, int size) => LibSsl.SSL_CTX_sess_set_cache_size(context.Pointer, size);
}
