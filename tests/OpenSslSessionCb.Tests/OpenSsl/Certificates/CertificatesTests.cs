using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>A client's intermediates on their way into a record and out of it.</summary>
public sealed unsafe class CertificatesTests
{
    private static readonly byte[] s_first = Make("CN=first");
    private static readonly byte[] s_second = Make("CN=second");

    [Test]
    public void EncodeAll_Two_BothInTheirOrder() => Assert.That(There(int.MaxValue), Is.EqualTo((byte[])[.. s_first, .. s_second]));

    [Test]
    public void EncodeAll_AsLongAsAllowed_All() => Assert.That(There(s_first.Length + s_second.Length), Is.Not.Null);

    [Test]
    public void EncodeAll_LongerThanAllowed_Null() => Assert.That(There(s_first.Length + s_second.Length - 1), Is.Null);

    [Test]
    public void EncodeAll_NoStack_Empty() => Assert.That(Certificates.EncodeAll(null, 0), Is.Empty);

    private static byte[]? There(int maxLength)
    {
        STACK_OF_X509* stack = Certificates.DecodeAll([.. s_first, .. s_second]);
        try
        {
            return Certificates.EncodeAll(stack, maxLength);
        }
        finally
        {
            Certificates.Free(stack);
        }
    }

    private static byte[] Make(string name)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(name, key, HashAlgorithmName.SHA256);
        using X509Certificate2 made = request.CreateSelfSigned(DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(1));
        return made.RawData;
    }
}
