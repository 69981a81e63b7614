using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>What an <see cref="ErrorMark"/> is on 1.1.1, where a mark is a flag on the newest entry and not a count.</summary>
/// <remarks>
/// libcrypto sets and pops a mark of its own when it decodes a public key, a client certificate's for instance. On the same entry that
/// takes ours away, and then the next pop empties the whole queue, the host's errors too. So two entries are
/// marked: the newest that was there, and one of ours above it, which shields it.
/// </remarks>
internal static unsafe class FlaggedErrorMark
{
    private const int Reason = 0x5cb;

    // ERR_PACK: 8 bits of library, 12 of function, 12 of reason.
    private const ulong Shield = ((ulong)LibCrypto.ERR_LIB_USER << 24) | Reason;

    // A function in 1.1.1 only.
    private static readonly delegate* unmanaged[Cdecl]<int, int, int, byte*, int, void> s_put =
        (delegate* unmanaged[Cdecl]<int, int, int, byte*, int, void>)OpenSslLibrary.GetExport("ERR_put_error");

    internal static void Set()
    {
        // 0: the queue is empty, and the pop, which then finds no mark, will empty it.
        if (LibCrypto.ERR_set_mark() == 1)
        {
            s_put(LibCrypto.ERR_LIB_USER, 0, Reason, null, 0);
            _ = LibCrypto.ERR_set_mark();
        }
    }

    internal static void Pop()
    {
        _ = LibCrypto.ERR_pop_to_mark();
        if (LibCrypto.ERR_peek_last_error().Value == Shield)
        {
            _ = LibCrypto.ERR_pop_to_mark();
        }
    }
}
