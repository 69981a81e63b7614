using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Leaves the thread's error queue as it was found: what is pushed between Set and Dispose is removed.</summary>
/// <remarks>
/// Before 4.0 SSL_get_error looks at the queue first, so an error that we leave behind turns the host's next
/// WANT_READ into SSL_ERROR_SSL and breaks a healthy handshake.
/// </remarks>
internal readonly unsafe ref struct ErrorMark
{
    // 1.1.1 keeps a flag per queue entry where 3.0 and later count: two marks on one entry are one there.
    private static readonly bool s_marksNest = OpenSslLibrary.Version.Major >= 3;

    [ThreadStatic]
    private static int t_depth;

    private readonly ulong _before;
    private readonly bool _isNested;

    private ErrorMark(ulong before, bool isNested)
    {
        _before = before;
        _isNested = isNested;
    }

    public static ErrorMark Set()
    {
        ulong before = LibCrypto.ERR_peek_last_error().Value;
        _ = LibCrypto.ERR_set_mark();
        return new ErrorMark(before, t_depth++ > 0);
    }

    /// <summary>The newest entry, if it came after the mark (or so it seems: an equal one before it hides it).</summary>
    public OpenSslError? NewestError
    {
        get
        {
            ulong code = LibCrypto.ERR_peek_last_error().Value;
            if (code == 0 || code == _before)
            {
                return null;
            }

            Span<byte> text = stackalloc byte[256];
            fixed (byte* buffer = text)
            {
                LibCrypto.ERR_error_string_n(new((nuint)code), buffer, (nuint)text.Length);
            }

            return new OpenSslError(code, Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]));
        }
    }

    public void Dispose()
    {
        // On a queue without a mark this empties it; it has none only if it was empty when we came.
        _ = LibCrypto.ERR_pop_to_mark();
        t_depth--;
        if (_isNested && !s_marksNest)
        {
            _ = LibCrypto.ERR_set_mark();
        }
    }
}
