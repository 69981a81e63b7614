using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Where connections of a hosted context belong that are in the same context and have the same certificate and verification.
/// </summary>
/// <remarks>
/// Holds the certificate, so that its address, by which the scope is found, cannot become another certificate's.
/// </remarks>
internal sealed unsafe class ConnectionScope : IDisposable
{
    private nint _certificate;
    private volatile bool _isGone;

    internal ConnectionScope(CallbackState state, byte[] isolationContext, nint context, X509* certificate, int verifyMode)
    {
        State = state;
        IsolationContext = isolationContext;
        Context = context;
        VerifyMode = verifyMode;
        if (certificate is not null && LibCrypto.X509_up_ref(certificate) == 1)
        {
            _certificate = (nint)certificate;
        }

        Number = ConnectionSlot.Register(this);
    }

    /// <summary>The state of the context that the connection was made from, whichever context SNI moves it to.</summary>
    internal CallbackState State { get; }

    internal byte[] IsolationContext { get; }

    /// <summary>The context that the host has switched to. To be compared, never to be used: it may be gone.</summary>
    internal nint Context { get; }

    internal int VerifyMode { get; }

    /// <summary>Whether the host has switched resumption off there.</summary>
    internal bool IsOff { get; init; }

    /// <summary>What stands in the slot of a connection.</summary>
    internal nint Number { get; }

    /// <summary>Whether it is that of such connections, and still holds their certificate.</summary>
    internal bool IsOf(nint context, nint certificate, int verifyMode) =>
        Context == context && VerifyMode == verifyMode && Volatile.Read(ref _certificate) == certificate && !_isGone;

    public void Dispose()
    {
        _isGone = true;
        ConnectionSlot.Forget(Number);

        // Once, though the process may detach on one thread while libssl frees the context on another.
        LibCrypto.X509_free((X509*)Interlocked.Exchange(ref _certificate, 0));
    }
}
