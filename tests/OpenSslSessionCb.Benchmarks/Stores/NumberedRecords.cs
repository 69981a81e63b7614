using System.Buffers.Binary;
using System.Security.Cryptography;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>The keys and the record that both contenders use. Keys look as the cache's do: like noise.</summary>
internal sealed class NumberedRecords
{
    internal static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    internal NumberedRecords(int count, int recordLength)
    {
        Ids = [.. Enumerable.Range(0, count).Select(IdOf)];
        Keys = Array.ConvertAll(Ids, KeyOf);
        Record = RandomNumberGenerator.GetBytes(recordLength);
    }

    internal int Count => Ids.Length;

    internal SslSessionId[] Ids { get; }

    internal SessionStoreKey[] Keys { get; }

    internal byte[] Record { get; }

    internal static SessionStoreKey KeyOf(SslSessionId id)
    {
        Span<byte> bytes = stackalloc byte[SessionStoreKey.Length];
        id.CopyTo(bytes);
        return new SessionStoreKey(bytes);
    }

    private static SslSessionId IdOf(int number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return new SslSessionId(SHA256.HashData(bytes));
    }
}
