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
    // From 3.0 a mark is a count on an entry, and marks nest. On 1.1.1 they do not: there the outermost covers what is inside it.
    private static readonly bool s_marksNest = OpenSslLibrary.Version.Major >= 3;

    [ThreadStatic]
    private static int t_depth;

    private readonly ulong _before;
    private readonly bool _isCovered;

    private ErrorMark(ulong before, bool isCovered)
    {
        _before = before;
        _isCovered = isCovered;
    }

    public static ErrorMark Set()
    {
        bool isCovered = false;
        if (s_marksNest)
        {
            _ = LibCrypto.ERR_set_mark();
        }
        else
        {
            isCovered = t_depth++ > 0;
            if (!isCovered)
            {
                FlaggedErrorMark.Set();
            }
        }

        return new ErrorMark(LibCrypto.ERR_peek_last_error().Value, isCovered);
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
        if (s_marksNest)
        {
            // On a queue without a mark this empties it; it has none only if it was empty when we came.
            _ = LibCrypto.ERR_pop_to_mark();
            return;
        }

        t_depth--;
        if (!_isCovered)
        {
            FlaggedErrorMark.Pop();
        }
    }
}
