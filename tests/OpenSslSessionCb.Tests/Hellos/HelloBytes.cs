using System.Buffers;
using System.Buffers.Binary;

namespace OpenSslSessionCb.Tests;

/// <summary>Takes the bytes of a hello apart, and puts them together in other ways.</summary>
internal static class HelloBytes
{
    private const int RecordHeaderLength = 5;

    /// <summary>The same message in records of so many bytes each.</summary>
    public static byte[] InRecordsOf(byte[] records, int length)
    {
        byte[] message = [.. MessageOf(records)];
        return
        [
            .. message.Chunk(length).SelectMany(static part => (byte[])[22, 3, 1, (byte)(part.Length >> 8), (byte)part.Length, .. part]),
        ];
    }

    public static IEnumerable<byte> MessageOf(byte[] records)
    {
        for (int start = 0; start < records.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(records.AsSpan(start + 3));
            for (int i = 0; i < length; i++)
            {
                yield return records[start + RecordHeaderLength + i];
            }

            start += RecordHeaderLength + length;
        }
    }

    /// <summary>A hello that no client makes: any legacy id, and any identities.</summary>
    public static byte[] With(byte[] legacyId, params byte[][] identities)
    {
        byte[] list = [.. identities.SelectMany(static identity => (byte[])[.. Long(identity), 1, 2, 3, 4])];
        byte[] binders = [.. Long([32, .. new byte[32]])];
        byte[] psk = [.. Long(list), .. binders];
        byte[] extensions = identities.Length == 0 ? [] : [0, 41, .. Long(psk)];
        byte[] body = [3, 3, .. new byte[32], (byte)legacyId.Length, .. legacyId, .. Long([0x13, 0x01]), 1, 0, .. Long(extensions)];
        byte[] message = [1, 0, (byte)(body.Length >> 8), (byte)body.Length, .. body];
        return [22, 3, 1, .. Long(message)];
    }

    /// <summary>A field behind its length of two bytes.</summary>
    public static byte[] Long(byte[] field) => [(byte)(field.Length >> 8), (byte)field.Length, .. field];

    public static ClientHelloReading Read(byte[] bytes, out ClientHello? hello)
    {
        var reader = new ClientHelloReader();
        ClientHelloReading reading = reader.Read(new ReadOnlySequence<byte>(bytes));
        hello = reader.Hello;
        return reading;
    }

    /// <summary>The bytes come so many at a time, and each time lie in segments of so many bytes.</summary>
    public static ClientHelloReading ReadInParts(byte[] bytes, int partLength, int segmentLength, out ClientHello? hello)
    {
        var reader = new ClientHelloReader();
        ClientHelloReading reading = ClientHelloReading.NeedsMore;
        for (int length = Math.Min(partLength, bytes.Length);
            reading == ClientHelloReading.NeedsMore;
            length = Math.Min(length + partLength, bytes.Length))
        {
            reading = reader.Read(InSegments(bytes[..length], segmentLength));
            if (length == bytes.Length)
            {
                break;
            }
        }

        hello = reader.Hello;
        return reading;
    }

    public static ReadOnlySequence<byte> InSegments(byte[] bytes, int length)
    {
        var first = new Segment([], 0);
        Segment last = first;
        foreach (byte[] part in bytes.Chunk(length))
        {
            last = last.Follow(part);
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Segment : ReadOnlySequenceSegment<byte>
    {
        public Segment(byte[] bytes, long runningIndex)
        {
            Memory = bytes;
            RunningIndex = runningIndex;
        }

        public Segment Follow(byte[] bytes)
        {
            var next = new Segment(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
