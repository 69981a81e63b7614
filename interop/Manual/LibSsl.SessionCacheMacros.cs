namespace OpenSslSessionCb.Interop;

// SSL_CTX_ctrl, as <openssl/ssl.h> spells it for the session cache.
public static unsafe partial class LibSsl
{
    public static long SSL_CTX_set_session_cache_mode(SSL_CTX* ctx, int mode) => Control(ctx, SSL_CTRL_SET_SESS_CACHE_MODE, mode);

    public static long SSL_CTX_get_session_cache_mode(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_GET_SESS_CACHE_MODE, 0);

    public static long SSL_CTX_sess_set_cache_size(SSL_CTX* ctx, long size) => Control(ctx, SSL_CTRL_SET_SESS_CACHE_SIZE, size);

    public static long SSL_CTX_sess_get_cache_size(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_GET_SESS_CACHE_SIZE, 0);

    public static long SSL_CTX_sess_number(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_NUMBER, 0);

    public static long SSL_CTX_sess_connect(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_CONNECT, 0);

    public static long SSL_CTX_sess_connect_good(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_CONNECT_GOOD, 0);

    public static long SSL_CTX_sess_connect_renegotiate(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_CONNECT_RENEGOTIATE, 0);

    public static long SSL_CTX_sess_accept(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_ACCEPT, 0);

    public static long SSL_CTX_sess_accept_good(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_ACCEPT_GOOD, 0);

    public static long SSL_CTX_sess_accept_renegotiate(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_ACCEPT_RENEGOTIATE, 0);

    public static long SSL_CTX_sess_hits(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_HIT, 0);

    public static long SSL_CTX_sess_cb_hits(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_CB_HIT, 0);

    public static long SSL_CTX_sess_misses(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_MISSES, 0);

    public static long SSL_CTX_sess_timeouts(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_TIMEOUTS, 0);

    public static long SSL_CTX_sess_cache_full(SSL_CTX* ctx) => Control(ctx, SSL_CTRL_SESS_CACHE_FULL, 0);
}
