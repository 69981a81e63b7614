using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// What the full handshake of a session has found out about its client, where clients are verified: it goes with the session into
/// its record, so that another node can ask the same again.
/// </summary>
/// <remarks>The sessions that TLS 1.3 renews on resumption share one: the client is the same.</remarks>
internal sealed unsafe class ClientVerification
{
    /// <summary>Of the client's intermediates together, in bytes. A session with more is not kept.</summary>
    internal const int MaxIntermediatesLength = 32 * 1024;

    private static long s_lastNumber;
    private Verdict? _verdict;

    /// <param name="verifyMode">SSL_get_verify_mode of the connection that made the session.</param>
    /// <param name="result">Its SSL_get_verify_result: some hosts let everybody in, and look at it later.</param>
    /// <param name="intermediates">What the client sent beside its own certificate, in DER, one behind the other.</param>
    internal ClientVerification(int verifyMode, int result, byte[] intermediates)
    {
        VerifyMode = verifyMode;
        Result = result;
        Intermediates = intermediates;
        Number = Interlocked.Increment(ref s_lastNumber);
    }

    internal int VerifyMode { get; }

    internal int Result { get; }

    internal byte[] Intermediates { get; }

    /// <summary>Of this object, and never of another one.</summary>
    internal long Number { get; }

    /// <summary>Of a session that was announced on this connection, after a full handshake; null: its chain is too long.</summary>
    internal static ClientVerification? Of(SslRef ssl, int verifyMode)
    {
        byte[]? intermediates = Certificates.EncodeAll(LibSsl.SSL_get_peer_cert_chain(ssl.Pointer), MaxIntermediatesLength);
        return intermediates is null
            ? null
            : new ClientVerification(verifyMode, (int)LibSsl.SSL_get_verify_result(ssl.Pointer).Value, intermediates);
    }

    /// <summary>Whether a demand was found met not long ago. By its number, which no other demand will ever have.</summary>
    internal bool IsAccepted(long demand, long nowUnixMilliseconds) =>
        Volatile.Read(ref _verdict) is { } verdict && verdict.Demand == demand && verdict.Until > nowUnixMilliseconds;

    internal void Accept(long demand, long untilUnixMilliseconds) =>
        Volatile.Write(ref _verdict, new Verdict(demand, untilUnixMilliseconds));

    private sealed record Verdict(long Demand, long Until);
}
