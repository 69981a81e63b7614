using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Where connections stand that show the same certificate and verify clients in the same way: what decides which sessions they may
/// resume.
/// </summary>
/// <remarks>
/// Known by a digest of the certificate, however often the host loads it, and, where clients are verified, by the store of their CAs,
/// which it holds so that its address cannot become another's.
/// </remarks>
internal sealed unsafe class ConnectionPlace : ConnectionOrigin, IDisposable
{
    private readonly SafeCertificateHandle _certificate;
    private volatile bool _isGone;

    /// <param name="ssl">A connection that stands there.</param>
    /// <param name="state">Of the context that it was made from.</param>
    /// <param name="certificate">What it shows.</param>
    /// <param name="setup">How it is set up.</param>
    /// <param name="isolationContext">The digest.</param>
    /// <param name="known">Intermediates of clients; null: none.</param>
    internal ConnectionPlace(SSL* ssl, CallbackState? state, X509* certificate, in ConnectionSetup setup, byte[] isolationContext,
        KnownIntermediates? known)
        : base(state)
    {
        _certificate = SafeCertificateHandle.Share(certificate);
        Setup = setup;
        IsolationContext = isolationContext;
        Demand = VerifiesClients && !setup.CannotBeAsked ? new ClientDemand(ssl, setup, known) : null;
    }

    internal ConnectionSetup Setup { get; }

    /// <summary>Where their sessions may be resumed, 32 bytes; see <see cref="OpenSslSessionCb.IsolationContext"/>.</summary>
    internal byte[] IsolationContext { get; }

    /// <summary>What they show; null: nothing. Held for as long as the place is not gone.</summary>
    internal X509* Certificate => (X509*)_certificate.DangerousGetHandle();

    /// <summary>SSL_get_verify_mode.</summary>
    internal int VerifyMode => Setup.VerifyMode;

    internal bool VerifiesClients => Setup.VerifiesClients;

    /// <summary>Whom they let in; null: everybody, or it cannot be asked (the host judges by a function that has no getter).</summary>
    internal ClientDemand? Demand { get; }

    /// <summary>Whether it is SslStream that verifies clients there, which it does after the handshake.</summary>
    internal bool IsJudgedByDotNet => Demand is { IsDotNets: true };

    /// <summary>The context that the session callbacks of its connections are taken from; 0: nobody watches it.</summary>
    internal nint WatchedContext => HostCallbacks.WatcherSlot < 0 || State is null ? 0 : (nint)State.Context;

    /// <summary>Whether the host has switched resumption off there.</summary>
    internal bool IsOff => Setup.IsOff;

    /// <summary>Whether it is forgotten, and what its set-up points to may be gone.</summary>
    internal bool IsGone => _isGone;

    public void Dispose()
    {
        _isGone = true;
        ConnectionOrigins.Forget(Number);
        _certificate.Dispose();
        Demand?.Dispose();
    }
}
