using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Decides whether a session with a client certificate may be resumed; see <see cref="SessionCacheOptions.MayResume"/>.</summary>
/// <param name="request">What is known of the session. Borrowed for the call.</param>
public delegate bool ResumptionFilter(in ResumptionRequest request);

/// <summary>A session with a client certificate that a client offers, and that may be resumed as far as the library can tell.</summary>
public readonly unsafe ref struct ResumptionRequest
{
    private readonly X509* _certificate;
    private readonly ReadOnlySpan<byte> _hostName;

    internal ResumptionRequest(X509* certificate, ReadOnlySpan<byte> hostName, TimeSpan age)
    {
        _certificate = certificate;
        _hostName = hostName;
        Age = age;
    }

    /// <summary>The time since the full handshake in which the client showed its certificate; not below zero.</summary>
    public TimeSpan Age { get; }

    /// <summary>The host name (SNI) that the client asks for, and asked for then; null when it asks for none.</summary>
    public string? HostName => _hostName.IsEmpty ? null : Encoding.ASCII.GetString(_hostName);

    /// <summary>The client's certificate in DER, a copy.</summary>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/SSL_SESSION_get0_peer/"/>
    public byte[] ExportCertificate() => Certificates.Encode(_certificate);

    /// <summary>The SHA-256 of the client's certificate: 32 bytes, which a list of revoked clients may be kept by.</summary>
    /// <param name="destination">32 bytes.</param>
    /// <exception cref="ArgumentOutOfRangeException">It has another length.</exception>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    /// <seealso href="https://docs.openssl.org/master/man3/X509_digest/"/>
    public void HashCertificate(Span<byte> destination)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(destination.Length, LibCryptoHash.Length);
        using ErrorMark mark = ErrorMark.Set();
        fixed (byte* hash = destination)
        {
            OpenSslException.ThrowIfFailed(LibCrypto.X509_digest(_certificate, LibCrypto.EVP_sha256(), hash, null), mark);
        }
    }
}
