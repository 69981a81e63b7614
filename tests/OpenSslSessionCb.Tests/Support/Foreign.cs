namespace OpenSslSessionCb.Tests;

/// <summary>Makes records as a node with a later OpenSSL would write them.</summary>
internal static class Foreign
{
    /// <summary>
    /// The session of a record, sealed again as one that this libssl cannot read: its DER gets a field that no version knows,
    /// as 3.0 added one that 1.1.1 refuses.
    /// </summary>
    public static byte[] Reseal(SessionKeyRing ring, byte[] record, SessionStoreKey key) =>
        Resealed.Record(ring, record, key, static fields => fields, Widen(Resealed.Open(ring, record, key, out _)));

    // SEQUENCE { ..., [30] INTEGER 1 }
    private static byte[] Widen(ReadOnlySpan<byte> der)
    {
        int header = der[1] < 0x80 ? 2 : 2 + (der[1] & 0x7f);
        byte[] content = [.. der[header..], 0xbe, 3, 2, 1, 1];
        return content.Length switch
        {
            < 0x80 => [0x30, (byte)content.Length, .. content],
            < 0x100 => [0x30, 0x81, (byte)content.Length, .. content],
            _ => [0x30, 0x82, (byte)(content.Length >> 8), (byte)content.Length, .. content],
        };
    }
}
