using System.Runtime.InteropServices;

namespace OpenSslSessionCb;

/// <summary>The one place where a caller's SafeHandle becomes an SSL_CTX pointer.</summary>
internal static class SafeContext
{
    internal static T Use<T>(SafeHandle sslCtx, Func<nint, T> use)
    {
        ArgumentNullException.ThrowIfNull(sslCtx);
        bool added = false;
        try
        {
            sslCtx.DangerousAddRef(ref added);
            return use(sslCtx.DangerousGetHandle());
        }
        finally
        {
            if (added)
            {
                sslCtx.DangerousRelease();
            }
        }
    }
}
