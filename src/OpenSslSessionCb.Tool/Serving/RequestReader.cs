using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Cuts request heads out of what a client sends; several may come at once.</summary>
internal sealed class RequestReader(IServedConnection connection)
{
    private const int MaxHeadLength = 8 * 1024;

    private byte[] _buffer = new byte[1024];
    private int _length;

    /// <summary>The next head, or null when the client has closed. A proper one or one to refuse.</summary>
    internal async ValueTask<RequestHead?> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            SkipEmptyLines();
            int end = EndOfHead(_buffer.AsSpan(0, _length));
            if (end > MaxHeadLength || (end < 0 && _length >= MaxHeadLength))
            {
                return RequestHead.TooLarge;
            }

            if (end >= 0)
            {
                RequestHead head = RequestHead.Parse(_buffer.AsSpan(0, end));
                Discard(end);
                return head;
            }

            if (_length == _buffer.Length)
            {
                Array.Resize(ref _buffer, Math.Min(_buffer.Length * 2, MaxHeadLength));
            }

            int count = await connection.ReadAsync(_buffer.AsMemory(_length), cancellationToken);
            if (count == 0)
            {
                return null;
            }

            _length += count;
        }
    }

    /// <summary>Behind the empty line, or -1. A line may end in LF alone, as a person types it.</summary>
    private static int EndOfHead(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] != '\n')
            {
                continue;
            }

            ReadOnlySpan<byte> rest = bytes[(i + 1)..];
            if (rest.StartsWith("\n"u8) || rest.StartsWith("\r\n"u8))
            {
                return i + 1 + (rest[0] == '\n' ? 1 : 2);
            }
        }

        return -1;
    }

    private void SkipEmptyLines()
    {
        int start = _buffer.AsSpan(0, _length).IndexOfAnyExcept((byte)'\r', (byte)'\n');
        Discard(start < 0 ? _length : start);
    }

    private void Discard(int count)
    {
        _buffer.AsSpan(count, _length - count).CopyTo(_buffer);
        _length -= count;
    }
}
