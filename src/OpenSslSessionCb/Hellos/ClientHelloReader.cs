using System.Buffers;
using System.Buffers.Binary;

namespace OpenSslSessionCb;

/// <summary>
/// Reads the ClientHello out of the first bytes of a connection, TLS records as they come off the network: cut anywhere, and
/// the hello spread over as many records as a peer likes.
/// </summary>
/// <remarks>
/// Each byte is looked at once, however many there are at a time, and memory is taken for bytes that came and not for lengths that
/// somebody claims. Not thread-safe.
/// </remarks>
internal sealed class ClientHelloReader
{
    /// <summary>
    /// The longest beginning of a connection that is looked at, in bytes: a record of the longest
    /// kind, and the key shares of today.
    /// </summary>
    internal const int MaxLength = 20 * 1024;

    private const int RecordHeaderLength = 5;
    private const int MaxRecordLength = 16 * 1024;
    private const byte HandshakeRecord = 22;
    private const byte MajorVersion = 3;
    private const int MessageHeaderLength = 4;
    private const byte ClientHelloMessage = 1;
    private const int FirstBufferLength = 1024;

    private byte[] _message = [];
    private int _messageLength;
    private int _seen;
    private int _leftOfRecord;

    /// <summary>Set once the answer is <see cref="ClientHelloReading.Read"/>.</summary>
    internal ClientHello? Hello { get; private set; }

    /// <summary>After any other answer than <see cref="ClientHelloReading.NeedsMore"/> it is not called again.</summary>
    /// <param name="received">All bytes of the connection so far, from the first.</param>
    internal ClientHelloReading Read(in ReadOnlySequence<byte> received)
    {
        ReadOnlySequence<byte> looked = received.Length > MaxLength ? received.Slice(0, MaxLength) : received;
        ClientHelloReading reading = looked.Length > _seen ? ReadOn(looked.Slice(_seen)) : ClientHelloReading.NeedsMore;
        if (reading == ClientHelloReading.NeedsMore && looked.Length == MaxLength)
        {
            reading = ClientHelloReading.TooLong;
        }

        if (reading != ClientHelloReading.NeedsMore && _message.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_message);
            _message = [];
        }

        return reading;
    }

    private ClientHelloReading ReadOn(ReadOnlySequence<byte> bytes)
    {
        while (true)
        {
            if (_leftOfRecord == 0)
            {
                ClientHelloReading header = ReadRecordHeader(ref bytes);
                if (header != ClientHelloReading.Read)
                {
                    return header;
                }
            }

            int taken = (int)Math.Min(_leftOfRecord, bytes.Length);
            Append(bytes.Slice(0, taken));
            Advance(ref bytes, taken);
            _leftOfRecord -= taken;
            ClientHelloReading message = ReadMessage();
            if (message != ClientHelloReading.NeedsMore || (_leftOfRecord > 0 && bytes.IsEmpty))
            {
                return message;
            }
        }
    }

    /// <summary>Decides on the first byte, if it can: what is not TLS never waits for another one.</summary>
    private ClientHelloReading ReadRecordHeader(ref ReadOnlySequence<byte> bytes)
    {
        Span<byte> buffer = stackalloc byte[RecordHeaderLength];
        Span<byte> header = buffer[..(int)Math.Min(RecordHeaderLength, bytes.Length)];
        bytes.Slice(0, header.Length).CopyTo(header);
        if ((header.Length > 0 && header[0] != HandshakeRecord) || (header.Length > 1 && header[1] != MajorVersion))
        {
            return ClientHelloReading.NotTls;
        }

        if (header.Length < RecordHeaderLength)
        {
            return ClientHelloReading.NeedsMore;
        }

        _leftOfRecord = BinaryPrimitives.ReadUInt16BigEndian(header[3..]);
        Advance(ref bytes, RecordHeaderLength);
        return _leftOfRecord <= MaxRecordLength ? ClientHelloReading.Read : ClientHelloReading.NotTls;
    }

    private ClientHelloReading ReadMessage()
    {
        ReadOnlySpan<byte> message = _message.AsSpan(0, _messageLength);
        if (message.Length > 0 && message[0] != ClientHelloMessage)
        {
            return ClientHelloReading.NotTls;
        }

        if (message.Length < MessageHeaderLength)
        {
            return ClientHelloReading.NeedsMore;
        }

        // The length has three bytes; the fourth of the number, the first of the message, is the 1 that was checked.
        int length = MessageHeaderLength + (int)(BinaryPrimitives.ReadUInt32BigEndian(message) & 0xff_ffff);
        if (length > MaxLength)
        {
            return ClientHelloReading.TooLong;
        }

        if (message.Length < length)
        {
            return ClientHelloReading.NeedsMore;
        }

        Hello = ClientHelloParser.Parse(message[MessageHeaderLength..length]);
        return Hello is null ? ClientHelloReading.NotTls : ClientHelloReading.Read;
    }

    private void Append(ReadOnlySequence<byte> bytes)
    {
        int length = _messageLength + (int)bytes.Length;
        if (length > _message.Length)
        {
            byte[] longer = ArrayPool<byte>.Shared.Rent(Math.Max(FirstBufferLength, Math.Max(length, 2 * _message.Length)));
            _message.AsSpan(0, _messageLength).CopyTo(longer);
            if (_message.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_message);
            }

            _message = longer;
        }

        bytes.CopyTo(_message.AsSpan(_messageLength));
        _messageLength = length;
    }

    private void Advance(ref ReadOnlySequence<byte> bytes, int count)
    {
        bytes = bytes.Slice(count);
        _seen += count;
    }
}
