using System.Formats.Asn1;
using System.Security.Cryptography;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>What openssl's s_client has kept of a session: what a client offers, and what somebody on the wire has seen.</summary>
internal static class SessionFile
{
    /// <summary>[10] in SSL_SESSION_ASN1.</summary>
    private static readonly Asn1Tag s_ticket = new(TagClass.ContextSpecific, 10, isConstructed: true);

    /// <summary>The session id of TLS 1.2; of TLS 1.3, the identity for pre_shared_key.</summary>
    internal static byte[] IdOf(string file)
    {
        string text = File.ReadAllText(file);
        AsnReader session = new AsnReader(Convert.FromBase64String(text[PemEncoding.Find(text).Base64Data]), AsnEncodingRules.BER)
            .ReadSequence();
        session.ReadInteger();
        session.ReadInteger();
        session.ReadOctetString();
        byte[] id = session.ReadOctetString();
        while (session.HasData)
        {
            if (session.PeekTag() == s_ticket)
            {
                id = session.ReadSequence(s_ticket).ReadOctetString();
            }
            else
            {
                session.ReadEncodedValue();
            }
        }

        Assert.That(id, Has.Length.EqualTo(32), "an id of ours, and no ticket of the host's");
        return id;
    }
}
