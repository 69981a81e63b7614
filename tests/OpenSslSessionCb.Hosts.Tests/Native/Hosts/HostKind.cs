using System.Diagnostics.CodeAnalysis;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>The unmodified servers of these tests.</summary>
/// <param name="Name">For the names of tests.</param>
/// <param name="StartAsync">Starts it, preloaded if its setup says so.</param>
/// <param name="Reload">Has it read its configuration again while it serves; null: it cannot.</param>
/// <param name="StopsListening">Whether it closes its socket when it reloads, and opens another: with or without us,
/// connections that waited there are reset.</param>
internal sealed record HostKind(string Name, Func<HostSetup, Task<NativeHost>> StartAsync, Signal? Reload, bool StopsListening = false)
{
    /// <summary>
    /// What it writes into its log each time that it has started or reloaded; until then the signal may end it. Null: it takes the
    /// signal as soon as it listens.
    /// </summary>
    internal string? ReadyLine { get; private init; }

    internal static IReadOnlyList<HostKind> All { get; } =
    [
        new("nginx", static setup => NginxHost.StartAsync(setup), Signal.Hangup),
        new("stunnel", static setup => StunnelHost.StartAsync(setup), Signal.Hangup, StopsListening: true),
        new("haproxy", static setup => HaproxyHost.StartAsync(setup), Signal.User2),
        new("apache-prefork", static setup => ApacheHost.StartAsync(setup, "prefork", $"shmcb:{setup.RunFolder}/cache(512000)"),
            Signal.User1) { ReadyLine = ApacheHost.ReadyLine },
        new("apache-event", static setup => ApacheHost.StartAsync(setup, "event"), Signal.User1) { ReadyLine = ApacheHost.ReadyLine },
        new("python", PythonHost.StartAsync, null),
    ];

    /// <summary>What has to be installed.</summary>
    internal static string[] Programs { get; } = ["gcc", "nginx", "stunnel", "haproxy", "apache2", "python3"];

    [SuppressMessage("Naming", "CA1721", Justification = "Named as what it finds.")]
    internal static HostKind Of(string name) => All.Single(kind => kind.Name == name);

    public override string ToString() => Name;
}
