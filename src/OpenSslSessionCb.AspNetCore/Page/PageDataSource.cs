using System.Security.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace OpenSslSessionCb;

/// <summary>Puts together what the page is told.</summary>
internal sealed class PageDataSource(IServiceProvider services)
{
    private static readonly PageData.NodeFacts s_node = new(Environment.ProcessId, Environment.MachineName);

    // Begun with the first look at the page: an app that nobody watches measures nothing.
    private readonly Lazy<SessionHistory> _history = new(() => Begin(services));

    internal PageData Read(HttpContext context)
    {
        HostedSessionCache? hosted = services.GetService<HostedSessionCache>();
        SessionHistory history = _history.Value;
        history.Watch();
        return new PageData(
            s_node,
            Connection(context),
            WhyNotShared(hosted),
            hosted?.Cache?.Statistics,
            [.. hosted?.Attachment?.Contexts.Select(Context) ?? []],
            history.Read());
    }

    private static SessionHistory Begin(IServiceProvider services)
    {
        // Asked for now: its timer may fire once more after the services are disposed of.
        HostedSessionCache? hosted = services.GetService<HostedSessionCache>();
        var history = new SessionHistory(() => hosted?.Cache?.Statistics, services.GetService<TimeProvider>() ?? TimeProvider.System);
        services.GetService<IHostApplicationLifetime>()?.ApplicationStopping.Register(history.Dispose);
        return history;
    }

    private static PageData.ConnectionFacts Connection(HttpContext context)
    {
        ITlsHandshakeFeature? tls = context.Features.Get<ITlsHandshakeFeature>();
        ITlsSessionFeature? session = context.Features.Get<ITlsSessionFeature>();
        return new PageData.ConnectionFacts(
            context.Connection.Id,
            tls is null ? null : VersionName(tls.Protocol),
            tls?.NegotiatedCipherSuite?.ToString(),
            context.Request.Protocol,
            session?.Resumed,
            session?.HandshakeDuration?.TotalMilliseconds);
    }

    private static string VersionName(SslProtocols protocol) => protocol switch
    {
        SslProtocols.Tls12 => "TLS 1.2",
        SslProtocols.Tls13 => "TLS 1.3",
        _ => protocol.ToString(),
    };

    private string? WhyNotShared(HostedSessionCache? hosted) => hosted switch
    {
        null => "the app does not call AddOpenSslSessionCache.",
        { Cache: not null } => null,
        _ when services.GetService<HostPlatform>() is { UsesOpenSsl: false } => "SslStream and Kestrel do not use OpenSSL on this system.",
        _ => "the host has not started the cache.",
    };

    private static PageData.ContextFacts Context(ProcessContext context) =>
        new(context.Certificate, context.HostName, context.Decision == ProcessContextDecision.Shares, context.Reason ?? "");
}
