using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A session id context that a host has set, by which libssl would keep its clients apart: at most 32 bytes.</summary>
/// <param name="Length">How many bytes it has; 0: the host has set none.</param>
/// <param name="First">The first 16, the rest zero.</param>
/// <param name="Second">The others.</param>
/// <remarks>Kept by its value: it is compared for each connection.</remarks>
/// <seealso href="https://docs.openssl.org/master/man3/SSL_CTX_set_session_id_context/"/>
internal readonly record struct IdContext(byte Length, UInt128 First, UInt128 Second)
{
    internal const int MaxLength = LibSsl.SSL_MAX_SID_CTX_LENGTH;

    internal static IdContext Of(ReadOnlySpan<byte> bytes)
    {
        Span<byte> whole = stackalloc byte[MaxLength];
        whole.Clear();
        bytes.CopyTo(whole);
        ReadOnlySpan<UInt128> halves = MemoryMarshal.Cast<byte, UInt128>(whole);
        return new IdContext((byte)bytes.Length, halves[0], halves[1]);
    }

    internal void CopyTo(Span<byte> destination)
    {
        Span<UInt128> halves = [First, Second];
        MemoryMarshal.AsBytes(halves)[..Length].CopyTo(destination);
    }
}
