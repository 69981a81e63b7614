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
            LeftAlone(_logger, context.Certificate, context.HostName ?? "none", context.Reason ?? "");
        }
        catch (Exception)
        {
            // A logger that throws must not take a handshake down with it.
        }
    }

    [LoggerMessage(5, LogLevel.Information, "A server context is left as it is (certificate {Certificate}, "
        + "first asked for host name {HostName}): {Reason}. Others like it are not reported.")]
    private static partial void LeftAlone(ILogger logger, string certificate, string hostName, string reason);
}
