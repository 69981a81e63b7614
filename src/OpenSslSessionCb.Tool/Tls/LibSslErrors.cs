using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>Reads this thread's error queue, and empties it.</summary>
internal static unsafe class LibSslErrors
{
    /// <summary>The oldest entry's reason, "key values mismatch" for instance: the newer ones only say who passed it on.</summary>
    internal static string TakeReason()
    {
        byte* reason = LibCrypto.ERR_reason_error_string(LibCrypto.ERR_peek_error());
        string text = reason is null ? "libssl gives no reason" : Marshal.PtrToStringUTF8((nint)reason)!;
        LibCrypto.ERR_clear_error();
        return text;
    }

    internal static ToolException ToException(string what) => new($"{what} ({TakeReason()}).");

    /// <summary>For calls that promise a positive result on success.</summary>
    internal static void ThrowIfFailed(int result, string what)
    {
        if (result <= 0)
        {
            throw ToException(what);
        }
    }
}
