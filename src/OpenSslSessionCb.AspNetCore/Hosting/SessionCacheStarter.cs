using System.Diagnostics.Metrics;
using System.Security.Cryptography;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb;

/// <summary>
/// The steps of the start, in the words of the app's options. What goes wrong is said in one sentence, and stops the start.
/// </summary>
internal sealed partial class SessionCacheStarter(
    IServiceProvider services,
    SessionCacheBuilder builder,
    IOptions<OpenSslSessionCacheOptions> options,
    HostPlatform platform,
    TimeProvider time,
    ILoggerFactory loggerFactory)
{
    private readonly OpenSslSessionCacheOptions _options = options.Value;
    private readonly ILogger _logger = loggerFactory.CreateLogger<HostedSessionCache>();

    internal bool CanShare()
    {
        if (!platform.UsesOpenSsl || OperatingSystem.IsWindows())
        {
            NotSharing(_logger);
            return false;
        }

        // Lets .NET open its libssl now: this library then binds the same one.
        _ = SafeEvpPKeyHandle.OpenSslVersion;
        return true;
    }

    internal ISessionStore MakeStore() => builder.Store?.Invoke(services)
        ?? throw new InvalidOperationException(
            "AddOpenSslSessionCache was called without a store: add UseSqlite, UseRedis, UseStore or UseMemory after it.");

    internal SessionKeyRing? OpenKeyRing(ISessionStore store) => _options switch
    {
        { KeyFile: { } file, CreateKeyFile: true } => SessionKeyRing.OpenOrCreate(file),
        { KeyFile: { } file } => SessionKeyRing.Open(file),
        _ when store.Traits.HasFlag(SessionStoreTraits.InProcess) => null,
        _ => throw new OptionsValidationException(
            Options.DefaultName,
            typeof(OpenSslSessionCacheOptions),
            [$"{store.GetType().Name} keeps sessions outside this process: "
                + $"set {OpenSslSessionCacheOptions.SectionName}:{nameof(_options.KeyFile)} to the file of the keys that seal them, "
                + "the same on every node."]),
    };

    internal SessionCache MakeCache(ISessionStore store, SessionKeyRing? keyRing) => new(store, new SessionCacheOptions(_options)
    {
        KeyRing = keyRing,
        MayResume = builder.MayResume,
        LoggerFactory = loggerFactory,
        MeterFactory = services.GetService<IMeterFactory>(),
    });

    internal ProcessAttachment Attach(SessionCache cache)
    {
        ProcessAttachment attachment = cache.AttachToProcess(
            new ProcessAttachOptions { Filter = builder.Filter, ClientIntermediates = builder.ClientIntermediates });
        Sharing(_logger, _options.Farm);
        return attachment;
    }

    internal IDisposable? WatchKeyFile(SessionKeyRing? keyRing) => keyRing?.ReloadEvery(_options.KeyFileReloadInterval, _logger, time);

    [LoggerMessage(101, LogLevel.Information, "TLS sessions of this process's servers are shared in the farm '{Farm}'.")]
    private static partial void Sharing(ILogger logger, string farm);

    [LoggerMessage(102, LogLevel.Warning, "TLS sessions are not shared: SslStream and Kestrel do not use OpenSSL on this system, "
        + "and the app runs as it would without AddOpenSslSessionCache.")]
    private static partial void NotSharing(ILogger logger);
}
