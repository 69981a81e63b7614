using System.Text;
using StackExchange.Redis;

namespace OpenSslSessionCb;

/// <summary>Store keys as Redis keys: the prefix and 64 hex digits, so that an operator can read and list them.</summary>
internal sealed class RedisKeys(string prefix)
{
    private readonly string _prefix = prefix;
    private readonly bool _hasTag = HasTag(prefix);

    public RedisKey Of(SessionStoreKey key)
    {
        Span<byte> bytes = stackalloc byte[SessionStoreKey.Length];
        key.CopyTo(bytes);
        byte[] text = new byte[_prefix.Length + (2 * SessionStoreKey.Length)];
        Encoding.ASCII.GetBytes(_prefix, text);
        Convert.TryToHexStringLower(bytes, text.AsSpan(_prefix.Length), out _);
        return text;
    }

    /// <summary>
    /// A name that nobody else has, for what is moved away from <paramref name="key"/>: with the prefix, for the sake of permissions,
    /// and in the same slot of a cluster.
    /// </summary>
    public RedisKey AsideOf(RedisKey key)
    {
        // The first braces of a name say which slot it is in; without any, all of the name does.
        string tag = _hasTag ? "" : $"{{{key}}}";
        return $"{_prefix}taken:{Guid.NewGuid():N}{tag}";
    }

    private static bool HasTag(string prefix)
    {
        int open = prefix.IndexOf('{', StringComparison.Ordinal);
        return open >= 0 && prefix.IndexOf('}', open) > open + 1;
    }
}
