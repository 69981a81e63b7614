using System.Text;
using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>Store keys as Redis keys: the prefix and 64 hex digits, so that an operator can read and list them.</summary>
internal sealed class RedisKeys(string prefix)
{
    private readonly byte[] _prefix = Encoding.ASCII.GetBytes(prefix);

    public RedisKey Of(SessionStoreKey key)
    {
        Span<byte> bytes = stackalloc byte[SessionStoreKey.Length];
        key.CopyTo(bytes);
        byte[] text = new byte[_prefix.Length + (2 * SessionStoreKey.Length)];
        _prefix.CopyTo(text, 0);
        Convert.TryToHexStringLower(bytes, text.AsSpan(_prefix.Length), out _);
        return text;
    }
}
