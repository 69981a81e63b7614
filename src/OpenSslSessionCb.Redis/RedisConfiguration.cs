using System.Net;
using StackExchange.Redis;
using StackExchange.Redis.Availability;

namespace OpenSslSessionCb;

/// <summary>A configuration string, and what a store makes of it.</summary>
internal static class RedisConfiguration
{
    private static readonly TimeSpan s_betweenAttempts = TimeSpan.FromSeconds(1);

    public static ConfigurationOptions Parse(string configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ConfigurationOptions options = Read(configuration);
        if (options.EndPoints.Count == 0)
        {
            throw Refused("it names no server");
        }

        if (options.EndPoints.OfType<DnsEndPoint>().Any(static server => Uri.CheckHostName(server.Host) == UriHostNameType.Unknown))
        {
            throw Refused("a part of it is neither a setting nor the name of a server");
        }

        // The application starts without its Redis; and no command waits for a connection, nor a handshake for a command.
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast;
        options.ReconnectRetryPolicy = new LinearRetry((int)s_betweenAttempts.TotalMilliseconds);

        // A connection whose answers have gone astray, as after a broken proxy, would stay so: each command gets the answer of the one
        // before, and none is late. What is sent every second must come back as it went.
        options.HeartbeatConsistencyChecks = true;

        // Where nothing comes back, nothing but timeouts ends it.
        options.CircuitBreaker = new CircuitBreaker.Builder
        {
            MinimumNumberOfFailures = 10,
            FailureRateThreshold = 50,
            MetricsWindowSize = TimeSpan.FromSeconds(10),
        };
        options.ClientName ??= "OpenSslSessionCb";
        return options;
    }

    private static ConfigurationOptions Read(string configuration)
    {
        try
        {
            return string.IsNullOrWhiteSpace(configuration) ? new ConfigurationOptions() : ConfigurationOptions.Parse(configuration);
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw Refused($"'{exception.ParamName}' has a value that it cannot have");
        }
        catch (ArgumentException)
        {
            // What it says is not passed on: it repeats the end of a password that has a comma in it.
            throw Refused(
                "it has a setting that does not exist (or a password with a comma in it, which only a connection of your own can have)");
        }
    }

    private static ArgumentException Refused(string why) =>
        new($"The Redis configuration is not understood: {why}. "
            + "It looks like this: redis.internal:6379,user=sessions,password=…,ssl=true.");
}
