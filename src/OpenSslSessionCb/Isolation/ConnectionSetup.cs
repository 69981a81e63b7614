using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>How a connection is set up beside its certificate, as far as it decides which sessions it may resume.</summary>
/// <param name="VerifyMode">SSL_get_verify_mode.</param>
/// <param name="IsOff">Whether the host wants no resumption.</param>
internal readonly unsafe record struct ConnectionSetup(int VerifyMode, bool IsOff)
{
    /// <summary>The X509_STORE that clients are verified with, alive. This and what follows: 0 where they are not.</summary>
    internal nint Store { get; private init; }

    internal nint VerifyCallback { get; private init; }

    internal int Depth { get; private init; }

    internal nuint Flags { get; private init; }

    /// <summary>Whether the host judges clients by a function that has no getter (SSL_CTX_set_cert_verify_callback).</summary>
    internal bool CannotBeAsked { get; private init; }

    internal bool VerifiesClients => IsolationContext.VerifiesClients(VerifyMode);

    internal static ConnectionSetup Of(SSL* ssl, bool isOff)
    {
        var setup = new ConnectionSetup(LibSsl.SSL_get_verify_mode(ssl), isOff);
        if (!setup.VerifiesClients)
        {
            return setup;
        }

        X509_VERIFY_PARAM* parameters = LibSsl.SSL_get0_param(ssl);
        return setup with
        {
            Store = (nint)ClientDemand.StoreOf(ssl),
            VerifyCallback = (nint)LibSsl.SSL_get_verify_callback(ssl),
            Depth = LibCrypto.X509_VERIFY_PARAM_get_depth(parameters),
            Flags = LibCrypto.X509_VERIFY_PARAM_get_flags(parameters).Value,
            CannotBeAsked = HostCallbacks.Has(LibSsl.SSL_get_SSL_CTX(ssl), HostCallback.VerifyCertificate),
        };
    }
}
