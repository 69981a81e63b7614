using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Interop;

// BIO_ctrl, as <openssl/bio.h> spells it.
public static unsafe partial class LibCrypto
{
    /// <summary>What reading an empty memory BIO returns: 0 for the end of the data, below 0 for "try again".</summary>
    public static long BIO_set_mem_eof_return(BIO* bio, int value) =>
        BIO_ctrl(bio, BIO_C_SET_BUF_MEM_EOF_RETURN, new CLong(value), null).Value;

    /// <summary>Points <paramref name="data"/> at the bytes that a memory BIO holds, and returns how many they are.</summary>
    public static long BIO_get_mem_data(BIO* bio, byte** data) => BIO_ctrl(bio, BIO_CTRL_INFO, default, data).Value;

    public static int BIO_reset(BIO* bio) => (int)BIO_ctrl(bio, BIO_CTRL_RESET, default, null).Value;

    public static int BIO_flush(BIO* bio) => (int)BIO_ctrl(bio, BIO_CTRL_FLUSH, default, null).Value;
}
