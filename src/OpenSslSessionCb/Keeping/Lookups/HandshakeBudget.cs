using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What all lookups of one handshake may cost together. libssl asks for every identity that a ClientHello of TLS 1.3 offers, 1,700 in
/// 64 KB, and for all of them again after a HelloRetryRequest.
/// </summary>
/// <remarks>Two numbers of the connection: nothing is allocated, and there is nothing to free.</remarks>
internal static unsafe class HandshakeBudget
{
    /// <summary>How many ids are looked at; a client offers one or two, and again after a HelloRetryRequest.</summary>
    internal const int MaxIds = 16;

    /// <summary>How many ids the store is asked for.</summary>
    internal const int MaxLookups = 4;

    // The first number: 5 bits count ids, 3 lookups, 2 misses; 13 are of the ClientHello's random, which tells another hello, perhaps of
    // the next handshake of an SSL that the host uses again. Each miss leaves 13 bits of its id: another id with the same ones is taken
    // for a miss too, once in 8,192 times.
    private const int LookupsShift = 5;
    private const int MissesShift = 8;
    private const int RandomShift = 10;
    private const int MarksShift = 23;
    private const int MarkBits = 13;
    private const int RandomLength = 32;

    private static readonly ConnectionNumber s_ids = ConnectionNumber.Register();
    private static readonly ConnectionNumber s_waited = ConnectionNumber.Register();

    /// <summary>The budget of a connection begins anew: for tests that ask for more on one than any client.</summary>
    internal static void Renew(SSL* ssl)
    {
        _ = s_ids.TrySet(ssl, 0);
        _ = s_waited.TrySet(ssl, 0);
    }

    /// <summary>How many misses a handshake remembers.</summary>
    private static int MaxMisses => ((nint.Size * 8) - MarksShift) / MarkBits;

    /// <summary>Counts an id; false: it is one too many.</summary>
    internal static bool TryCountId(SslRef ssl)
    {
        nuint state = Read(ssl);
        if ((state & 31) >= MaxIds)
        {
            return false;
        }

        Write(ssl, state + 1);
        return true;
    }

    /// <summary>Counts a lookup; false: the store has been asked often enough, or has no such record already.</summary>
    internal static bool TryCountLookup(SslRef ssl, SslSessionId id)
    {
        nuint state = Read(ssl);
        if (((state >> LookupsShift) & 7) >= MaxLookups)
        {
            return false;
        }

        int misses = (int)((state >> MissesShift) & 3);
        for (int i = 0; i < misses; i++)
        {
            if (((state >> (MarksShift + (i * MarkBits))) & MarkMask) == MarkOf(id))
            {
                return false;
            }
        }

        Write(ssl, state + (1 << LookupsShift));
        return true;
    }

    /// <summary>No more ids are looked at.</summary>
    internal static void Exhaust(SslRef ssl) => Write(ssl, Read(ssl) | 31);

    /// <summary>The store had no record of this id, or one that is of no use here.</summary>
    internal static void RememberMiss(SslRef ssl, SslSessionId id)
    {
        nuint state = Read(ssl);
        int misses = (int)((state >> MissesShift) & 3);
        if (misses < MaxMisses)
        {
            Write(ssl, (state + (1 << MissesShift)) | (MarkOf(id) << (MarksShift + (misses * MarkBits))));
        }
    }

    /// <summary>What is left of the deadline; zero or less: nothing.</summary>
    internal static TimeSpan Left(SslRef ssl, TimeSpan deadline) =>
        deadline - TimeSpan.FromMicroseconds(s_waited.Of(ssl.Pointer));

    /// <summary>So long has the handshake waited for the store.</summary>
    internal static void Spend(SslRef ssl, TimeSpan waited) =>
        _ = s_waited.TrySet(ssl.Pointer, s_waited.Of(ssl.Pointer) + (nint)waited.TotalMicroseconds);

    private static nuint MarkMask => (1 << MarkBits) - 1;

    private static nuint MarkOf(SslSessionId id) => id.Length < 2 ? (nuint)id.Length : Low(id.Span[0], id.Span[1]);

    private static nuint Low(byte first, byte second) => (nuint)((first << 8) | second) & MarkMask;

    private static nuint Read(SslRef ssl)
    {
        var state = (nuint)s_ids.Of(ssl.Pointer);
        byte* random;
        nuint mark = LibSsl.SSL_client_hello_get0_random(ssl.Pointer, &random) < 2 ? 0 : Low(random[0], random[1]);
        if (((state >> RandomShift) & MarkMask) == mark || (state != 0 && !IsNew(ssl)))
        {
            return state;
        }

        if (state != 0)
        {
            _ = s_waited.TrySet(ssl.Pointer, 0);
        }

        return mark << RandomShift;
    }

    /// <summary>
    /// Whether another hello begins another handshake. After a HelloRetryRequest it does not, and libssl does not insist that a client
    /// sends the same random again: the server's own is there by then, from the first hello, and no Finished yet.
    /// </summary>
    private static bool IsNew(SslRef ssl)
    {
        byte* random = stackalloc byte[RandomLength];
        nuint length = LibSsl.SSL_get_server_random(ssl.Pointer, random, RandomLength);
        return !new ReadOnlySpan<byte>(random, (int)length).ContainsAnyExcept((byte)0)
            || LibSsl.SSL_get_finished(ssl.Pointer, random, 1) > 0;
    }

    private static void Write(SslRef ssl, nuint state) => _ = s_ids.TrySet(ssl.Pointer, (nint)state);
}
