using System.Net.Security;
using System.Net.Sockets;
using OpenSslSessionCb.Tool.Serving;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>--stack sslstream: .NET's own TLS, with the cache attached to the process and nothing said to SslStream.</summary>
internal sealed class SslStreamStack : IServingStack
{
    private readonly ProcessAttachment? _attachment;
    private readonly SslServerAuthenticationOptions _authentication;

    /// <param name="options">What serve was asked to do.</param>
    /// <param name="cache">Null: SslStream as it is.</param>
    internal SslStreamStack(ServeOptions options, SessionCache? cache)
    {
        _attachment = cache?.AttachToProcess();
        ConnectionObserver.Start();
        _authentication = HostedAuthentication.Create(options);
    }

    public IServedConnection Serve(Socket socket) => new SslStreamConnection(socket, _authentication);

    public void Dispose() => _attachment?.Dispose();
}
