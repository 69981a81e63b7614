using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tool.Tls;

/// <summary>A P-256 key and a certificate for localhost that it signed itself, made by libcrypto.</summary>
internal sealed unsafe class SelfSignedCertificate : IDisposable
{
    private X509* _certificate;
    private EVP_PKEY* _key;

    private SelfSignedCertificate()
    {
    }

    internal byte[] CertificatePem => ToPem(bio => LibCrypto.PEM_write_bio_X509((BIO*)bio, _certificate));

    internal byte[] KeyPem => ToPem(bio => LibCrypto.PEM_write_bio_PrivateKey((BIO*)bio, _key, null, null, 0, null, null));

    internal static SelfSignedCertificate Create()
    {
        var made = new SelfSignedCertificate();
        try
        {
            made._key = MakeKey();
            made._certificate = LibCrypto.X509_new();
            Fill(made._certificate, made._key);
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    internal void Use(SSL_CTX* context)
    {
        Check(LibSsl.SSL_CTX_use_certificate(context, _certificate));
        Check(LibSsl.SSL_CTX_use_PrivateKey(context, _key));
    }

    /// <summary>Writes both as PEM, for their owner's eyes only.</summary>
    internal void WriteTo(string certificatePath, string keyPath)
    {
        OwnerOnlyFile.Write(certificatePath, CertificatePem);
        OwnerOnlyFile.Write(keyPath, KeyPem);
    }

    public void Dispose()
    {
        LibCrypto.X509_free(_certificate);
        LibCrypto.EVP_PKEY_free(_key);
        _certificate = null;
        _key = null;
    }

    private static EVP_PKEY* MakeKey()
    {
        EVP_PKEY_CTX* generation = LibCrypto.EVP_PKEY_CTX_new_id(LibCrypto.EVP_PKEY_EC, null);
        EVP_PKEY* key = null;
        try
        {
            Check(LibCrypto.EVP_PKEY_keygen_init(generation));
            fixed (byte* option = "ec_paramgen_curve\0"u8)
            fixed (byte* curve = "P-256\0"u8)
            {
                Check(LibCrypto.EVP_PKEY_CTX_ctrl_str(generation, option, curve));
            }

            Check(LibCrypto.EVP_PKEY_keygen(generation, &key));
            return key;
        }
        finally
        {
            LibCrypto.EVP_PKEY_CTX_free(generation);
        }
    }

    private static void Fill(X509* certificate, EVP_PKEY* key)
    {
        const int Version3 = 2;
        const int AnHourAgo = -3600;
        const int InAYear = 365 * 24 * 3600;
        int serial;
        Check(LibCrypto.RAND_bytes((byte*)&serial, sizeof(int)));
        Check(LibCrypto.X509_set_version(certificate, new CLong(Version3)));
        Check(LibCrypto.ASN1_INTEGER_set(LibCrypto.X509_get_serialNumber(certificate), new CLong((serial & int.MaxValue) | 1)));
        Check(LibCrypto.X509_gmtime_adj(LibCrypto.X509_getm_notBefore(certificate), new CLong(AnHourAgo)) is null ? 0 : 1);
        Check(LibCrypto.X509_gmtime_adj(LibCrypto.X509_getm_notAfter(certificate), new CLong(InAYear)) is null ? 0 : 1);
        SetName(certificate);
        AddExtension(certificate, LibCrypto.NID_basic_constraints, "critical,CA:FALSE\0"u8);
        AddExtension(certificate, LibCrypto.NID_subject_alt_name, "DNS:localhost,IP:127.0.0.1,IP:::1\0"u8);
        Check(LibCrypto.X509_set_pubkey(certificate, key));
        Check(LibCrypto.X509_sign(certificate, key, LibCrypto.EVP_sha256()));
    }

    private static void SetName(X509* certificate)
    {
        X509_NAME* name = LibCrypto.X509_NAME_dup(LibCrypto.X509_get_subject_name(certificate));
        fixed (byte* field = "CN\0"u8)
        fixed (byte* value = "localhost\0"u8)
        {
            Check(LibCrypto.X509_NAME_add_entry_by_txt(name, field, LibCrypto.MBSTRING_ASC, value, -1, -1, 0));
        }

        Check(LibCrypto.X509_set_subject_name(certificate, name));
        Check(LibCrypto.X509_set_issuer_name(certificate, name));
        LibCrypto.X509_NAME_free(name);
    }

    private static void AddExtension(X509* certificate, int nid, ReadOnlySpan<byte> value)
    {
        fixed (byte* text = value)
        {
            X509_EXTENSION* extension = LibCrypto.X509V3_EXT_conf_nid(null, null, nid, text);
            Check(LibCrypto.X509_add_ext(certificate, extension, -1));
            LibCrypto.X509_EXTENSION_free(extension);
        }
    }

    private static byte[] ToPem(Func<nint, int> write)
    {
        BIO* bio = LibCrypto.BIO_new(LibCrypto.BIO_s_mem());
        try
        {
            Check(write((nint)bio));
            byte* bytes;
            int length = (int)LibCrypto.BIO_get_mem_data(bio, &bytes);
            return new ReadOnlySpan<byte>(bytes, length).ToArray();
        }
        finally
        {
            _ = LibCrypto.BIO_free(bio);
        }
    }

    private static void Check(int result) =>
        LibSslErrors.ThrowIfFailed(result, "libcrypto could not make a self-signed P-256 certificate: give one with --cert and --key");
}
