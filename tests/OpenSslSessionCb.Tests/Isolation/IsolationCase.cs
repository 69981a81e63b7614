using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>One way to set a server up, in all that decides who may resume there.</summary>
/// <param name="Rsa">One certificate or the other.</param>
/// <param name="SecondCa">Whether one more CA may sign client certificates.</param>
/// <param name="VerifyMode">Whether client certificates are asked for.</param>
/// <param name="Farm">The farm's name.</param>
/// <param name="HostName">What the client asks for (SNI).</param>
internal sealed record IsolationCase(bool Rsa, bool SecondCa, int VerifyMode, string Farm, string? HostName)
{
    public static IEnumerable<IsolationCase> All(params string[] farms) =>
        from rsa in (bool[])[false, true]
        from secondCa in (bool[])[false, true]
        from mode in (int[])
            [LibSsl.SSL_VERIFY_NONE, LibSsl.SSL_VERIFY_PEER, LibSsl.SSL_VERIFY_PEER | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT]
        from farm in farms
        from hostName in (string?[])["shop.example", "admin.example"]
        select new IsolationCase(rsa, secondCa, mode, farm, hostName);

    private bool Asks => VerifyMode != LibSsl.SSL_VERIFY_NONE;

    /// <summary>
    /// The rule, in other words than the code's: the same certificate, the same farm, the same name, and clients are asked at both or at
    /// none. Those of these tests show a certificate that all accept, whatever else they trust.
    /// </summary>
    public bool MayResumeAt(IsolationCase other) =>
        Rsa == other.Rsa && Farm == other.Farm && HostName == other.HostName && Asks == other.Asks;

    /// <summary>
    /// A context of its own, as a node that is set up so would make it. It trusts the certificate that test clients show.
    /// </summary>
    public unsafe TlsContext MakeServer(int version)
    {
        TlsContext server = TlsContext.Server(version, Rsa, mutual: true);
        LibSsl.SSL_CTX_set_verify(server.Pointer, VerifyMode, null);
        if (SecondCa)
        {
            using TlsContext another = TlsContext.Server(version, !Rsa);
            _ = LibCrypto.X509_STORE_add_cert(
                LibSsl.SSL_CTX_get_cert_store(server.Pointer), LibSsl.SSL_CTX_get0_certificate(another.Pointer));
        }

        return server;
    }
}
