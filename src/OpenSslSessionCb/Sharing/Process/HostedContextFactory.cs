using System.Text;
using Microsoft.Extensions.Logging;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>Decides about a server context at its first ClientHello, and attaches to it if it is to share.</summary>
internal sealed unsafe class HostedContextFactory(
    SessionPipeline pipeline, SessionCacheOptions options, ILogger logger, KnownIntermediates? known = null)
{
    // OSSL_QUIC1_VERSION: what SSL_version says of a QUIC connection.
    private const int QuicVersion = 1;

    private readonly ILogger _logger = logger;
    private readonly LeftAloneLog _leftAlone = new(logger);

    internal HostedContext Make(SSL* ssl, SSL_CTX* ctx, CallbackState state, ProcessAttachOptions processOptions, ProcessAttachment owner)
    {
        byte[] certificate = Certificates.Encode(LibSsl.SSL_get_certificate(ssl));
        string? hostName = ClientHelloHostName.Read(ssl);
        ProcessContextDecision decision = Decide(ssl, ctx, state, processOptions.ReplacesHostCallbacks);
        if (decision == ProcessContextDecision.Shares && processOptions.Filter is { } filter)
        {
            try
            {
                decision = filter(new ProcessContextCandidate(certificate, hostName)) ? decision : ProcessContextDecision.FilteredOut;
            }
            catch (Exception exception)
            {
                owner.Fail(exception);
                decision = ProcessContextDecision.Failed;
            }
        }

        var hosted = new HostedContext(pipeline, options, new ProcessContext(Fingerprint(certificate), hostName, decision), owner,
            processOptions.ChangesAfterHello && !SslStreamContexts.Include(ctx), known);
        if (decision == ProcessContextDecision.Shares)
        {
            hosted.Attach(ctx, state, _logger);
        }

        _leftAlone.Add(hosted.Description);
        return hosted;
    }

    private static ProcessContextDecision Decide(SSL* ssl, SSL_CTX* ctx, CallbackState state, bool replacesHostCallbacks)
    {
        if (LibSsl.SSL_version(ssl) == QuicVersion)
        {
            return ProcessContextDecision.Quic;
        }

        // As the public getter says it: what an earlier attachment has left behind, and does nothing, is none.
        if (state.Attachment is not null || (!replacesHostCallbacks && SessionCallbacks.Read((nint)ctx) != default))
        {
            return ProcessContextDecision.HasOwnCallbacks;
        }

        // A host that knows nothing of us and gives out tickets does resume, and only has nowhere to keep sessions (Apache
        // without SSLSessionCache).
        bool hasCache = (LibSsl.SSL_CTX_get_session_cache_mode(ctx) & LibSsl.SSL_SESS_CACHE_SERVER) != 0;
        bool hasTickets = (LibSsl.SSL_get_options(ssl) & LibSsl.SSL_OP_NO_TICKET) == 0;
        if (!hasCache && !(replacesHostCallbacks && hasTickets))
        {
            return ProcessContextDecision.ResumptionOff;
        }

        bool earlyData = LibSsl.SSL_CTX_get_max_early_data(ctx) > 0 || LibSsl.SSL_get_max_early_data(ssl) > 0;
        return earlyData ? ProcessContextDecision.AllowsEarlyData : ProcessContextDecision.Shares;
    }

    private static string Fingerprint(byte[] certificate)
    {
        if (certificate.Length == 0)
        {
            return "";
        }

        Span<byte> hash = stackalloc byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(certificate, hash);
        return Convert.ToHexStringLower(hash[..4]);
    }
}
