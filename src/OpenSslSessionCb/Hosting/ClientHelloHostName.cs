using System.Buffers.Binary;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>The host name (SNI) of a ClientHello, inside the ClientHello callback, where SSL_get_servername knows it not yet.</summary>
internal static unsafe class ClientHelloHostName
{
    // RFC 6066, 3: u16 length of the list { u8 type, u16 length, name }. Only type 0, host_name, was ever defined.
    private const int HeaderLength = 5;

    internal static string? Read(SSL* ssl)
    {
        byte* start;
        nuint length;
        if (LibSsl.SSL_client_hello_get0_ext(ssl, LibSsl.TLSEXT_TYPE_server_name, &start, &length) != 1)
        {
            return null;
        }

        return Parse(new ReadOnlySpan<byte>(start, (int)length));
    }

    /// <summary>Null for anything that is not one host name of printable ASCII: it comes from the network.</summary>
    internal static string? Parse(ReadOnlySpan<byte> extension)
    {
        if (extension.Length <= HeaderLength || extension[2] != LibSsl.TLSEXT_NAMETYPE_host_name)
        {
            return null;
        }

        int nameLength = BinaryPrimitives.ReadUInt16BigEndian(extension[3..]);
        ReadOnlySpan<byte> name = extension[HeaderLength..];
        bool isPlain = nameLength == name.Length && nameLength <= 255 && !name.ContainsAnyExceptInRange((byte)'!', (byte)'~');
        return isPlain ? Encoding.ASCII.GetString(name) : null;
    }
}
