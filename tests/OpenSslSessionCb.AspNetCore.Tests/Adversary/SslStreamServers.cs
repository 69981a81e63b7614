using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using OpenSslSessionCb.AspNetCore.Tests.Support;

namespace OpenSslSessionCb.AspNetCore.Tests.Adversary;

/// <summary>Two servers that are SslStream and a socket, and decide about clients in a validation callback.</summary>
internal sealed class SslStreamServers : Servers
{
    private readonly Listening[] _listening;
    private readonly ObservedStore _store = new();
    private readonly X509Certificate2 _certificate;
    private readonly SessionKeyRing? _keys;
    private readonly SessionCache? _cache;
    private readonly ProcessAttachment? _attachment;

    private SslStreamServers(TemporaryFolder folder, bool isAlone, IReadOnlyList<Demand> demands)
    {
        _certificate = Certificates.WriteSelfSigned(folder, "server");
        if (!isAlone)
        {
            OpenSslLibrary.UseSslStreamLibrary();
            _keys = SessionKeyRing.Generate();
            _cache = new SessionCache(
                _store,
                new SessionCacheOptions { KeyRing = _keys, NearCacheCapacity = 0, LookupDeadline = TimeSpan.FromSeconds(1) });
            _attachment = _cache.AttachToProcess();
        }

        _listening = [.. demands.Select((demand, i) => new Listening(demand, ProtocolsOf(i), _certificate))];
    }

    protected override IReadOnlyList<IPEndPoint> EndPoints => [.. _listening.Select(static listening => listening.EndPoint)];

    protected override SessionCache? Cache => _cache;

    internal static SslStreamServers Start(TemporaryFolder folder, bool isAlone, IReadOnlyList<Demand> demands) =>
        new(folder, isAlone, demands);

    public override async ValueTask DisposeAsync()
    {
        foreach (Listening listening in _listening)
        {
            await listening.DisposeAsync();
        }

        _attachment?.Dispose();
        if (_cache is not null)
        {
            await _cache.DisposeAsync();
        }

        _keys?.Dispose();
        await _store.DisposeAsync();
        _certificate.Dispose();
    }

    /// <summary>One of them: one client after the other.</summary>
    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stopping = new();
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
        private readonly Demand _demand;
        private readonly SslProtocols _protocols;
        private readonly SslStreamCertificateContext _certificate;
        private readonly Task _serving;

        internal Listening(Demand demand, SslProtocols protocols, X509Certificate2 certificate)
        {
            _demand = demand;
            _protocols = protocols;
            _certificate = SslStreamCertificateContext.Create(certificate, additionalCertificates: null, offline: true);
            _listener.Start();
            EndPoint = (IPEndPoint)_listener.LocalEndpoint;
            _serving = ServeAsync(_stopping.Token);
        }

        internal IPEndPoint EndPoint { get; }

        public async ValueTask DisposeAsync()
        {
            await _stopping.CancelAsync();
            _listener.Dispose();
            await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _stopping.Dispose();
        }

        private async Task ServeAsync(CancellationToken stopping)
        {
            while (true)
            {
                using Socket socket = await _listener.AcceptSocketAsync(stopping);
                try
                {
                    await ServeAsync(socket, stopping);
                }
                catch (Exception exception) when (exception is AuthenticationException or IOException)
                {
                    // Turned away, or the client has gone.
                }
            }
        }

        private async Task ServeAsync(Socket socket, CancellationToken stopping)
        {
            await using var stream = new SslStream(new NetworkStream(socket));
            await stream.AuthenticateAsServerAsync(MakeOptions(), stopping);
            var request = new byte[4096];
            int length = 0;
            while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
            {
                int read = await stream.ReadAsync(request.AsMemory(length), stopping);
                if (read == 0)
                {
                    return;
                }

                length += read;
            }

            if (_demand.Mode == ClientCertificateMode.DelayCertificate && stream.RemoteCertificate is null)
            {
                await stream.NegotiateClientCertificateAsync(stopping);
            }

            await stream.WriteAsync(Encoding.ASCII.GetBytes(PageOf(stream.RemoteCertificate?.Subject)), stopping);
            await stream.ShutdownAsync();
        }

        private SslServerAuthenticationOptions MakeOptions() => new()
        {
            ServerCertificateContext = _certificate,
            EnabledSslProtocols = _protocols,
            ClientCertificateRequired = _demand.Mode is ClientCertificateMode.AllowCertificate or ClientCertificateMode.RequireCertificate,
            CertificateChainPolicy = _demand.MakePolicy(),
            RemoteCertificateValidationCallback = _demand.Mode == ClientCertificateMode.NoCertificate ? null : IsWelcome,
        };

        private bool IsWelcome(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
            certificate is null ? _demand.Mode != ClientCertificateMode.RequireCertificate : errors == SslPolicyErrors.None;
    }
}
