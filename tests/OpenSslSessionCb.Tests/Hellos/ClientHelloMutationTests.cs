using CsCheck;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>What comes off a network in the place of a hello: real ones, changed at random.</summary>
public sealed class ClientHelloMutationTests
{
    private const int Samples = 20_000;

    private byte[][] _hellos = null!;
    private Gen<byte[]> _mutated = null!;

    [OneTimeSetUp]
    public void RecordHellos()
    {
        var hellos = new List<byte[]>();
        foreach (TlsProtocolVersion version in (TlsProtocolVersion[])[TlsProtocolVersion.Tls12, TlsProtocolVersion.Tls13])
        {
            using var scene = new TlsScene(version);
            using ClientSession session = scene.Connect();
            hellos.Add(RecordedHello.Of(scene.Client, hostName: "shop.example"));
            hellos.Add(RecordedHello.Of(scene.Client, session));
            hellos.Add(HelloBytes.InRecordsOf(hellos[^1], 3));
        }

        using TlsContext client = TlsContext.Client(0);
        RecordedHello.OfferLongAlpn(client, 3000);
        hellos.Add(RecordedHello.Of(client));
        _hellos = [.. hellos];
        _mutated = Gen.Select(
            Gen.Int[0, _hellos.Length - 1],
            Gen.Int[0, 6],
            Gen.Select(Gen.Int[0, 4000], Gen.Byte, Gen.Int[0, 3]).Array[0, 6],
            (hello, cut, changes) => Mutate(_hellos[hello], cut, changes));
    }

    [Test]
    public void AnyMutation_ReadWholeOrInParts_IsAnsweredAlikeAndNeverThrows() =>
        Gen.Select(_mutated, Gen.Int[1, 700], Gen.Int[1, 700]).Sample(
            static (bytes, part, segment) =>
            {
                ClientHelloReading whole = HelloBytes.Read(bytes, out ClientHello? hello);
                ClientHelloReading parts = HelloBytes.ReadInParts(bytes, part, segment, out ClientHello? again);
                return whole == parts && hello?.Random == again?.Random
                    && (hello?.Ids ?? []).SequenceEqual(again?.Ids ?? []) && (hello is null || hello.Ids.Length <= 5);
            },
            iter: Samples);

    [Test]
    public void AnyMutation_ThatIsRead_NeedsMoreAtEveryPrefix() =>
        Gen.Select(_mutated, Gen.Double[0, 1]).Sample(
            static (bytes, where) =>
            {
                if (HelloBytes.Read(bytes, out ClientHello? hello) != ClientHelloReading.Read)
                {
                    return true;
                }

                // A prefix that has all of the hello is read too, and as the same one.
                ClientHelloReading prefix = HelloBytes.Read(bytes[..(int)(where * bytes.Length)], out ClientHello? shorter);
                return prefix == ClientHelloReading.NeedsMore || (prefix == ClientHelloReading.Read && shorter!.Random == hello!.Random);
            },
            iter: Samples);

    [Test]
    public void AnyBytes_BehindAnyBeginning_NeverThrow() =>
        Gen.Select(Gen.Int[0, _hellos.Length - 1], Gen.Int[0, 200], Gen.Byte.Array[0, 600]).Sample(
            (hello, kept, bytes) =>
                HelloBytes.Read([.. _hellos[hello][..kept], .. bytes], out ClientHello? read) == ClientHelloReading.Read
                    == read is not null,
            iter: Samples);

    [Test]
    public void AnyBody_NeverThrows() =>
        Gen.Select(_mutated, Gen.Int[0, 60]).Sample(
            static (bytes, start) => ClientHelloParser.Parse(bytes.AsSpan(Math.Min(start, bytes.Length))) is null or { Ids.Length: <= 5 },
            iter: Samples);

    /// <summary>Bytes are overwritten, taken out, put in or flipped; then perhaps the end is cut off.</summary>
    private static byte[] Mutate(byte[] hello, int cut, (int Position, byte Value, int Kind)[] changes)
    {
        var bytes = new List<byte>(hello);
        foreach ((int position, byte value, int kind) in changes)
        {
            if (bytes.Count == 0)
            {
                break;
            }

            int at = position % bytes.Count;
            switch (kind)
            {
                case 0:
                    bytes[at] = value;
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, value);
                    break;
                default:
                    bytes[at] ^= (byte)(1 << (value % 8));
                    break;
            }
        }

        return cut == 0 ? [.. bytes[..(bytes.Count * 2 / 3)]] : [.. bytes];
    }
}
