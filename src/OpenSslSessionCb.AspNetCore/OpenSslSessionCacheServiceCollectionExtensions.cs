using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OpenSslSessionCb;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Shares the TLS sessions of an app's servers.</summary>
public static class OpenSslSessionCacheServiceCollectionExtensions
{
    /// <summary>
    /// Shares the TLS sessions of Kestrel and of every SslStream server in this process, once a store is chosen on what this returns:
    /// <c>AddOpenSslSessionCache(o => o.Farm = "shop").UseRedis("redis.internal:6379")</c>. Linux; elsewhere the app logs one
    /// warning and runs without.
    /// </summary>
    /// <remarks>
    /// The settings come from the configuration section <see cref="OpenSslSessionCacheOptions.SectionName"/>, then from
    /// <paramref name="configure"/>. The cache is the service <see cref="HostedSessionCache"/>. Calling this again adds to the settings.
    /// </remarks>
    /// <param name="services">The app's services.</param>
    /// <param name="configure">The settings that the code makes; null: none.</param>
    /// <returns>Chooses the store.</returns>
    public static SessionCacheBuilder AddOpenSslSessionCache(
        this IServiceCollection services, Action<OpenSslSessionCacheOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        SessionCacheBuilder? builder = (SessionCacheBuilder?)services.LastOrDefault(
            static service => service.ServiceType == typeof(SessionCacheBuilder))?.ImplementationInstance;
        if (builder is null)
        {
            builder = new SessionCacheBuilder(services);
            services.AddSingleton(builder);
            AddServices(services);
        }

        if (configure is not null)
        {
            services.Configure(configure);
        }

        return builder;
    }

    private static void AddServices(IServiceCollection services)
    {
        services.AddOptions<OpenSslSessionCacheOptions>().ValidateOnStart();
        services.AddSingleton<IConfigureOptions<OpenSslSessionCacheOptions>, OpenSslSessionCacheOptionsSetup>();
        services.AddSingleton<IValidateOptions<OpenSslSessionCacheOptions>, OpenSslSessionCacheOptionsValidator>();
        services.TryAddSingleton(HostPlatform.Current);
        services.AddSingleton(static provider => new HostedSessionCache(new SessionCacheStarter(
            provider,
            provider.GetRequiredService<SessionCacheBuilder>(),
            provider.GetRequiredService<IOptions<OpenSslSessionCacheOptions>>(),
            provider.GetRequiredService<HostPlatform>(),
            provider.GetService<TimeProvider>() ?? TimeProvider.System,
            provider.GetService<ILoggerFactory>() ?? NullLoggerFactory.Instance)));
        services.AddSingleton<IHostedService, SessionCacheLifetime>();
        if (OperatingSystem.IsLinux())
        {
            services.AddSingleton<IConnectionListenerFactory>(static provider => new LookAheadConnectionListenerFactory(provider));
        }
    }
}
