using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>
/// Whom a host lets in: the store of what it trusts, its parameters and its verify callback. Asks OpenSSL what a full handshake
/// would say of a session's client here and now, since libssl asks nobody when it resumes.
/// </summary>
/// <remarks>
/// The store is held, so that its address cannot become another one's: a demand's number stands for this store, whatever addresses
/// come back. What the host changes inside the store (a CRL, another CA) is seen when it is asked again.
/// </remarks>
internal sealed unsafe class ClientDemand : IDisposable
{
    // X509_V_FLAG_SUITEB_128_LOS: the flags of SSL_set_cert_flags and of verification are the same two bits.
    private const long SuiteBFlags = 0x30000;

    private static long s_lastNumber;

    private readonly SafeTrustStoreHandle _store;
    private readonly SafeVerifyParametersHandle _parameters;
    private readonly KnownIntermediates? _known;
    private readonly nint _callback;
    private readonly ConnectionSetup _setup;

    /// <param name="ssl">A connection as it is set up now.</param>
    /// <param name="setup">How.</param>
    /// <param name="known">What SslStream has besides what the client sends; null: nothing.</param>
    internal ClientDemand(SSL* ssl, in ConnectionSetup setup, KnownIntermediates? known)
    {
        _known = known;
        Number = Interlocked.Increment(ref s_lastNumber);
        _setup = setup;
        _callback = (nint)LibSsl.SSL_get_verify_callback(ssl);
        IsDotNets = DotNetVerification.HasCallback(_callback) || SslStreamContexts.Include(LibSsl.SSL_get_SSL_CTX(ssl));
        IsMemorable = !AsksForNames(LibSsl.SSL_get0_param(ssl));
        _store = SafeTrustStoreHandle.Share(StoreOf(ssl));
        _parameters = SafeVerifyParametersHandle.CopyOf(ssl);
    }

    internal long Number { get; }

    /// <summary>Whether SslStream judges, after the handshake and on resumed connections too: OpenSSL's word counts for nothing.</summary>
    internal bool IsDotNets { get; }

    /// <summary>
    /// Whether the host's own verify callback has a say. It may look at what the host has put on the connection, and where the host will
    /// move that only after the session was found (stunnel's sections, Apache's virtual hosts), it is asked after the move.
    /// </summary>
    internal bool AsksHost => HostProgram.Current is { VerifyCallbackAddsNothing: false, VerifyCallbackMayBeAsked: true }
        && (_callback != 0 || _setup.StoreVerifyCallback != 0);

    /// <summary>
    /// Whether one connection's answer is another's: not where the client's certificate must have a name, which may be another one for
    /// each connection.
    /// </summary>
    internal bool IsMemorable { get; }

    /// <summary>
    /// Whether it is for this connection: a host may demand a name on one and none on the one that was seen first.
    /// </summary>
    internal bool IsMemorableOn(SSL* ssl, bool isHere) => IsMemorable && !(isHere && AsksForNames(LibSsl.SSL_get0_param(ssl)));

    /// <summary>The store that libssl verifies a connection's client with: the host may have given it one of its own.</summary>
    internal static X509_STORE* StoreOf(SSL* ssl)
    {
        X509_STORE* own = LibSsl.SSL_get0_verify_cert_store(ssl);
        return own is not null ? own : LibSsl.SSL_CTX_get_cert_store(LibSsl.SSL_get_SSL_CTX(ssl));
    }

    /// <summary>Whether a full handshake of this client would end as its own did: with the same answer, and the same code.</summary>
    /// <param name="ssl">The connection that asks.</param>
    /// <param name="leaf">The client's certificate.</param>
    /// <param name="client">What was found out about it.</param>
    /// <param name="isHere">Whether the connection is under this demand now, and not only going to be, once the host has switched.</param>
    /// <param name="nowUnixMilliseconds">The time.</param>
    /// <param name="rememberedUntil">Until when a good answer need not be asked for again. A bad one is never remembered.</param>
    internal bool Accepts(
        SSL* ssl, X509* leaf, ClientVerification client, bool isHere, long nowUnixMilliseconds, long rememberedUntil)
    {
        if (IsDotNets || (client.IsAccepted(Number, nowUnixMilliseconds) && IsMemorableOn(ssl, isHere)))
        {
            return true;
        }

        // What is never believed is not noted down either: it would cost a hit an allocation, on 1.1.1 each.
        bool asksLater = !isHere && AsksHost;
        bool isMemorable = !asksLater && rememberedUntil > nowUnixMilliseconds && IsMemorableOn(ssl, isHere);
        if (!Verify(ssl, leaf, client, isHere, asksLater, isMemorable ? rememberedUntil : null, out bool staysGood))
        {
            return false;
        }

        if (staysGood)
        {
            client.Accept(Number, rememberedUntil);
        }

        return true;
    }

    /// <summary>After a full handshake: its host has accepted this client, whose certificates may end before that is forgotten.</summary>
    internal void NoteAccepted(SslRef ssl, ClientVerification client, long until)
    {
        if (Certificates.LastUntil(LibSsl.SSL_get0_verified_chain(ssl.Pointer), until))
        {
            client.Accept(Number, until);
        }
    }

    /// <summary>
    /// Whether this client's intermediates must come with its session: SslStream builds the chain on resumed connections too, from what
    /// the session has and from what its own policy knows.
    /// </summary>
    internal bool NeedsChain(ClientVerification client) =>
        IsDotNets && client.Intermediates.Length > 0 && (_known is null || !_known.Cover(client.Intermediates));

    public void Dispose()
    {
        _store.Dispose();
        _parameters.Dispose();
    }

    private static bool AsksForNames(X509_VERIFY_PARAM* parameters)
    {
        // 1.1.1 does not say.
        if (OpenSslLibrary.Version.Major < 3
            || LibCrypto.X509_VERIFY_PARAM_get0_host(parameters, 0) is not null
            || LibCrypto.X509_VERIFY_PARAM_get0_email(parameters) is not null)
        {
            return true;
        }

        // It takes none for an error.
        using ErrorMark mark = ErrorMark.Set();
        byte* address = LibCrypto.X509_VERIFY_PARAM_get1_ip_asc(parameters);
        LibCrypto.OPENSSL_free(address);
        return address is not null;
    }

    /// <summary>As ssl_verify_cert_chain of libssl does it.</summary>
    /// <param name="ssl">The connection that asks.</param>
    /// <param name="leaf">The client's certificate.</param>
    /// <param name="client">What was found out about it.</param>
    /// <param name="isHere">Whether the connection is under this demand now.</param>
    /// <param name="asksLater">Whether the host's callback is asked when the connection is here, and not now.</param>
    /// <param name="until">A time up to which the answer is to be remembered, in unix milliseconds; null: it is not.</param>
    /// <param name="staysGood">Whether a good answer is as good then: no certificate of the chain and no CRL ends before.</param>
    private bool Verify(
        SSL* ssl, X509* leaf, ClientVerification client, bool isHere, bool asksLater, long? until, out bool staysGood)
    {
        staysGood = false;
        using ErrorMark mark = ErrorMark.Set();
        bool hasStore = false;
        bool hasParameters = false;
        STACK_OF_X509* intermediates = null;
        X509_STORE_CTX* context = LibCrypto.X509_STORE_CTX_new();
        try
        {
            // The place may be forgotten on another thread meanwhile.
            _store.DangerousAddRef(ref hasStore);
            _parameters.DangerousAddRef(ref hasParameters);
            intermediates = Certificates.DecodeAll(client.Intermediates);
            bool isGood = client.Result == LibCrypto.X509_V_OK;
            bool isAccepted = (isGood || HostProgram.Current is { VerifyCallbackOverrules: true })
                && context is not null && intermediates is not null && !_store.IsInvalid && !_parameters.IsInvalid
                && TrySetUp(context, ssl, leaf, intermediates, isHere)
                && HostVerifyCallback.IsAccepted(context) == isGood
                && (asksLater || IsAcceptedByHost(ssl, leaf, intermediates, client.Result, isHere))
                && !IsNoted(ssl);
            staysGood = isAccepted && until is { } time && IsAcceptedAt(time, ssl, leaf, intermediates, isHere) == isGood;
            return isAccepted;
        }
        catch (ObjectDisposedException)
        {
            return false;
        }
        finally
        {
            LibCrypto.X509_STORE_CTX_free(context);
            Certificates.Free(intermediates);
            if (hasStore)
            {
                _store.DangerousRelease();
            }

            if (hasParameters)
            {
                _parameters.DangerousRelease();
            }
        }
    }

    /// <summary>What OpenSSL alone would say at another time.</summary>
    private bool IsAcceptedAt(long unixMilliseconds, SSL* ssl, X509* leaf, STACK_OF_X509* intermediates, bool isHere)
    {
        X509_STORE_CTX* context = LibCrypto.X509_STORE_CTX_new();
        bool isSetUp = context is not null && TrySetUp(context, ssl, leaf, intermediates, isHere);
        if (isSetUp)
        {
            LibCrypto.X509_STORE_CTX_set_time(context, default, unixMilliseconds / 1000);
        }

        bool isAccepted = isSetUp && HostVerifyCallback.IsAccepted(context);
        LibCrypto.X509_STORE_CTX_free(context);
        return isAccepted;
    }

    /// <summary>
    /// Whether the host's callback, when it was asked, has noted something about the client on the session that the connection has
    /// already, after a HelloRetryRequest: the one that is given out would not have it.
    /// </summary>
    private static bool IsNoted(SSL* ssl)
    {
        SSL_SESSION* session = LibSsl.SSL_get_session(ssl);
        return session is not null && HostData.IsOn(new SslSessionRef(session));
    }

    /// <summary>
    /// Only of a client that OpenSSL accepts: what the host's callback is told, it may note on the connection. If it says no all the
    /// same, a full handshake is to ask it again: it must not go on without a certificate.
    /// </summary>
    private bool IsAcceptedByHost(SSL* ssl, X509* leaf, STACK_OF_X509* intermediates, int expected, bool isHere)
    {
        X509_STORE_CTX* context = LibCrypto.X509_STORE_CTX_new();
        if (context is null || !TrySetUp(context, ssl, leaf, intermediates, isHere))
        {
            LibCrypto.X509_STORE_CTX_free(context);
            return false;
        }

        nint callback = HostVerifyCallback.Of(context, _callback);
        bool isAccepted = (callback == 0 && expected == LibCrypto.X509_V_OK) || HostProgram.Current is { VerifyCallbackAddsNothing: true }
            || (HostProgram.Current is not { VerifyCallbackMayBeAsked: false } && HostVerifyCallback.Asks(context, callback, expected));
        LibCrypto.X509_STORE_CTX_free(context);
        if (!isAccepted)
        {
            LibSsl.SSL_set_verify(ssl, LibSsl.SSL_get_verify_mode(ssl) | LibSsl.SSL_VERIFY_FAIL_IF_NO_PEER_CERT, null);
        }

        return isAccepted;
    }

    private bool TrySetUp(X509_STORE_CTX* context, SSL* ssl, X509* leaf, STACK_OF_X509* intermediates, bool isHere)
    {
        if (LibCrypto.X509_STORE_CTX_init(context, (X509_STORE*)_store.DangerousGetHandle(), leaf, intermediates) != 1)
        {
            return false;
        }

        X509_VERIFY_PARAM* parameters = LibCrypto.X509_STORE_CTX_get0_param(context);
        LibCrypto.X509_VERIFY_PARAM_set_auth_level(parameters, _setup.SecurityLevel);
        LibCrypto.X509_STORE_CTX_set_flags(context, new CULong((nuint)(_setup.CertificateFlags & SuiteBFlags)));
        X509_VERIFY_PARAM* own = isHere ? LibSsl.SSL_get0_param(ssl) : (X509_VERIFY_PARAM*)_parameters.DangerousGetHandle();
        fixed (byte* purpose = "ssl_client\0"u8)
        {
            // Host callbacks expect to find the connection in ex_data.
            return LibCrypto.X509_STORE_CTX_set_ex_data(context, LibSsl.SSL_get_ex_data_X509_STORE_CTX_idx(), ssl) == 1
                && LibCrypto.X509_STORE_CTX_set_default(context, purpose) == 1
                && LibCrypto.X509_VERIFY_PARAM_set1(parameters, own) == 1;
        }
    }
}
