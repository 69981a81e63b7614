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

    /// <summary>What X509_STORE_set_verify_cb has set on that store: it stands in where the connection has no callback.</summary>
    internal nint StoreVerifyCallback { get; private init; }

    internal int Depth { get; private init; }

    /// <summary>X509_VERIFY_PARAM_get_auth_level; -1: the security level holds.</summary>
    internal int AuthenticationLevel { get; private init; }

    internal nuint Flags { get; private init; }

    /// <summary>SSL_get_security_level: how strong a client's certificates must be. It is the context's, and moves with it.</summary>
    internal int SecurityLevel { get; private init; }

    /// <summary>What SSL_set_cert_flags has set: Suite B among others.</summary>
    internal long CertificateFlags { get; private init; }

    /// <summary>
    /// Whether the host judges clients by a function that has no getter (SSL_CTX_set_cert_verify_callback), or may do so unseen; or by a
    /// verify callback that must not be called out of its time.
    /// </summary>
    internal bool CannotBeAsked { get; private init; }

    /// <summary>By what the host keeps its connections apart, where it does.</summary>
    internal HostIdContext IdContext { get; private init; }

    internal bool VerifiesClients => IsolationContext.VerifiesClients(VerifyMode);

    internal static ConnectionSetup Of(SSL* ssl, bool isOff)
    {
        var setup = new ConnectionSetup(LibSsl.SSL_get_verify_mode(ssl), isOff) { IdContext = HostIdContext.Of(ssl) };
        if (!setup.VerifiesClients)
        {
            return setup;
        }

        SSL_CTX* context = LibSsl.SSL_get_SSL_CTX(ssl);
        X509_VERIFY_PARAM* parameters = LibSsl.SSL_get0_param(ssl);
        X509_STORE* store = ClientDemand.StoreOf(ssl);
        return setup with
        {
            Store = (nint)store,
            StoreVerifyCallback = store is null ? 0 : (nint)LibCrypto.X509_STORE_get_verify_cb(store),
            AuthenticationLevel = LibCrypto.X509_VERIFY_PARAM_get_auth_level(parameters),
            VerifyCallback = (nint)LibSsl.SSL_get_verify_callback(ssl),
            Depth = LibCrypto.X509_VERIFY_PARAM_get_depth(parameters),
            Flags = LibCrypto.X509_VERIFY_PARAM_get_flags(parameters).Value,
            SecurityLevel = LibSsl.SSL_get_security_level(ssl),
            CertificateFlags = LibSsl.SSL_get_cert_flags(ssl),
            CannotBeAsked = HostCallbacks.Has(context, HostCallback.VerifyCertificate) || !HostCallbacks.AreSeen(context)
                || (HostProgram.Current is { VerifyCallbackMayBeAsked: false } && LibSsl.SSL_get_verify_callback(ssl) != null),
        };
    }
}
