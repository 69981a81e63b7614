namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>What a Redis says, spoilt.</summary>
internal static class RedisReplies
{
    // Shorter than any record.
    private const int Short = 64;

    /// <summary>Replies that are good Redis, with one bit of each long value changed.</summary>
    internal static byte[] CorruptValues(byte[] replies)
    {
        for (int start = 0; start < replies.Length; start++)
        {
            if (replies[start] == '$'
                && BulkLength(replies, start + 1, out int value) is var length and >= Short && value + length <= replies.Length)
            {
                replies[value + (length / 2)] ^= 1;
                start = value + length;
            }
        }

        return replies;
    }

    internal static byte[] Random(byte[] replies)
    {
        System.Security.Cryptography.RandomNumberGenerator.Fill(replies);
        return replies;
    }

    /// <summary>The length that stands here, and where its value begins; -1: no length stands here.</summary>
    private static int BulkLength(byte[] replies, int start, out int value)
    {
        int length = 0;
        value = start;
        while (value < replies.Length && char.IsAsciiDigit((char)replies[value]) && length < 1_000_000)
        {
            length = (length * 10) + replies[value++] - '0';
        }

        bool ends = value > start && value + 1 < replies.Length && replies[value] == '\r' && replies[value + 1] == '\n';
        value += 2;
        return ends ? length : -1;
    }
}
