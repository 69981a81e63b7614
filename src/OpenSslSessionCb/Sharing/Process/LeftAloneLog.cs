using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>Says why a context does not share: once for each reason, since a host may make a context for every connection.</summary>
internal sealed partial class LeftAloneLog(ILogger logger)
{
    private readonly ILogger _logger = logger;
    private int _said;

    internal void Add(ProcessContext context)
    {
        int reason = 1 << (int)context.Decision;
        if (context.Decision == ProcessContextDecision.Shares || (Interlocked.Or(ref _said, reason) & reason) != 0)
        {
            return;
        }

        try
        {
            // A client says the host name: what could break a line of the log is not in it (ClientHelloHostName).
            LeftAlone(_logger, context.Certificate, context.HostName ?? "none", Why(context.Decision));
        }
        catch (Exception)
        {
            // A logger that throws must not take a handshake down with it.
        }
    }

    private static string Why(ProcessContextDecision decision) => decision switch
    {
        ProcessContextDecision.FilteredOut => "the filter says no",
        ProcessContextDecision.HasOwnCallbacks => "its host has session callbacks of its own",
        ProcessContextDecision.ResumptionOff => "its host has switched resumption off",
        ProcessContextDecision.AllowsEarlyData => "it allows early data, which a shared cache cannot protect against replay",
        ProcessContextDecision.Quic => "its connections are QUIC",
        _ => "looking at it failed",
    };

    [LoggerMessage(5, LogLevel.Information, "A server context is left as it is (certificate {Certificate}, "
        + "first asked for host name {HostName}): {Reason}. Others like it are not reported.")]
    private static partial void LeftAlone(ILogger logger, string certificate, string hostName, string reason);
}
