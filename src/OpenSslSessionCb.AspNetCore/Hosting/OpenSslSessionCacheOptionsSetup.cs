using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace OpenSslSessionCb;

/// <summary>Reads the configuration section, where the app has a configuration.</summary>
internal sealed class OpenSslSessionCacheOptionsSetup(IServiceProvider services) : IConfigureOptions<OpenSslSessionCacheOptions>
{
    public void Configure(OpenSslSessionCacheOptions options) =>
        services.GetService<IConfiguration>()?.GetSection(OpenSslSessionCacheOptions.SectionName).Bind(options);
}
