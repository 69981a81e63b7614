using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Where a connection stands is said by the certificate that it shows, however often a host loads that.</summary>
public sealed unsafe class ConnectionPlacesTests : LeakCheckedTests
{
    [Test]
    public void Of_ManyLoadedCertificates_EachStandsWhereItsDigestSays()
    {
        var options = new SessionCacheOptions();
        var places = new ConnectionPlaces(options);
        using TlsContext curve = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        using TlsContext rsa = TlsContext.Server(LibSsl.TLS1_3_VERSION, rsa: true);
        SSL* ssl = LibSsl.SSL_new(curve.Pointer);
        var seen = new HashSet<ConnectionPlace>();

        // More than are remembered by their address, so that many of them share a slot.
        for (int i = 0; i < 200; i++)
        {
            X509* certificate = Load((i % 2 == 0 ? curve : rsa).Pointer);
            ConnectionPlace place = places.Of(ssl, certificate);
            Assert.That(place.IsolationContext, Is.EqualTo(IsolationContext.Compute(certificate, LibSsl.SSL_VERIFY_NONE, options.Farm)));
            Assert.That(places.Of(ssl, certificate), Is.SameAs(place), "once more, from memory");
            seen.Add(place);
            LibCrypto.X509_free(certificate);
        }

        Assert.That(seen, Has.Count.EqualTo(2), "one for each certificate");
        places.Clear();
        Assert.That(seen.Select(static place => place.IsGone), Is.All.True);
        LibSsl.SSL_free(ssl);
    }

    [Test]
    public void Of_PlacesForgotten_IsMadeAnew()
    {
        var places = new ConnectionPlaces(new SessionCacheOptions());
        using TlsContext server = TlsContext.Server(LibSsl.TLS1_3_VERSION);
        SSL* ssl = LibSsl.SSL_new(server.Pointer);
        ConnectionPlace before = places.Of(ssl, LibSsl.SSL_get_certificate(ssl));
        places.Clear();
        ConnectionPlace after = places.Of(ssl, LibSsl.SSL_get_certificate(ssl));

        Assert.That((before.IsGone, after.IsGone, after.Number != before.Number), Is.EqualTo((true, false, true)));
        places.Clear();
        LibSsl.SSL_free(ssl);
    }

    /// <summary>An object of its own, as a host has that reads its file again.</summary>
    private static X509* Load(SSL_CTX* context)
    {
        fixed (byte* der = Certificates.Encode(LibSsl.SSL_CTX_get0_certificate(context)))
        {
            byte* position = der;
            return LibCrypto.d2i_X509(null, &position, new System.Runtime.InteropServices.CLong(1 << 16));
        }
    }
}
