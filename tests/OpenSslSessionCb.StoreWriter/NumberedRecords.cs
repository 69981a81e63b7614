using System.Security.Cryptography;

namespace OpenSslSessionCb.StoreWriter;

/// <summary>Keys and records that two processes can agree on by a number alone.</summary>
public static class NumberedRecords
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(2);

    public static SessionStoreKey Key(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    /// <summary>From 100 bytes to 4 KiB: some fit into a page of the file and some do not.</summary>
    public static byte[] Record(int number)
    {
        byte[] record = new byte[100 + (number * 37 % 3_997)];
        new Random(number).NextBytes(record);
        return record;
    }
}
