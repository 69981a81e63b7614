using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The host name (SNI) of a ClientHello, before SSL_get_servername knows it.</summary>
internal static unsafe class ClientHelloHostName
{
    // RFC 6066, 3: u16 length of the list { u8 type, u16 length, name }. Only type 0, host_name, was ever defined.
    private const int HeaderLength = 5;
    private const int LongestName = 255;

    internal static string? Read(SSL* ssl) => Parse(Extension(ssl));

    /// <summary>
    /// The bytes of the name, borrowed from libssl; empty when there is none. Also in the get callback: libssl keeps the
    /// ClientHello until then.
    /// </summary>
    internal static ReadOnlySpan<byte> Find(SslRef ssl) => NameIn(Extension(ssl.Pointer));

    /// <summary>Once libssl has read the extension: what is left of it in the ClientHello then is nothing.</summary>
    internal static ReadOnlySpan<byte> Accepted(SSL* ssl) =>
        MemoryMarshal.CreateReadOnlySpanFromNullTerminated(LibSsl.SSL_get_servername(ssl, LibSsl.TLSEXT_NAMETYPE_host_name));

    /// <summary>What a name is remembered by, upper and lower case alike; null: it is longer than any. No name has a key, too.</summary>
    internal static string? KeyOf(ReadOnlySpan<byte> name) =>
        name.Length <= LongestName ? Encoding.Latin1.GetString(name).ToLowerInvariant() : null;

    /// <summary>Null for anything that is not one host name of printable ASCII: it comes from the network.</summary>
    internal static string? Parse(ReadOnlySpan<byte> extension)
    {
        ReadOnlySpan<byte> name = NameIn(extension);
        bool isPlain = name.Length is > 0 and <= LongestName && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');
        return isPlain ? Encoding.ASCII.GetString(name) : null;
    }

    private static ReadOnlySpan<byte> Extension(SSL* ssl)
    {
        byte* start;
        nuint length;
        return LibSsl.SSL_client_hello_get0_ext(ssl, LibSsl.TLSEXT_TYPE_server_name, &start, &length) == 1
            ? new ReadOnlySpan<byte>(start, (int)length)
            : default;
    }

    private static ReadOnlySpan<byte> NameIn(ReadOnlySpan<byte> extension)
    {
        if (extension.Length <= HeaderLength || extension[2] != LibSsl.TLSEXT_NAMETYPE_host_name)
        {
            return default;
        }

        ReadOnlySpan<byte> name = extension[HeaderLength..];
        return BinaryPrimitives.ReadUInt16BigEndian(extension[3..]) == name.Length ? name : default;
    }
}
