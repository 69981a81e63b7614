using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// A server of one process that shakes hands, so that a name or a session which one connection has shown is known to the next. It
/// answers whoever it lets in with the line <see cref="Page"/>.
/// </summary>
/// <param name="Running">Ends it.</param>
/// <param name="Port">Of 127.0.0.1.</param>
internal sealed record AdversaryHost(IDisposable Running, int Port) : IDisposable
{
    /// <summary>Of hosts whose pages cannot say which process made them.</summary>
    internal const string Page = "served by 0";

    internal static string[] Kinds { get; } = ["nginx", "haproxy", "stunnel", "apache", "python", "c"];

    /// <summary>Starts it; what is not installed has the test left out.</summary>
    /// <param name="kind">One of <see cref="Kinds"/>.</param>
    /// <param name="setup">The farm.</param>
    /// <param name="name">For its files.</param>
    /// <param name="verification">What it demands of clients; null: nothing.</param>
    internal static async Task<AdversaryHost> StartAsync(string kind, HostSetup setup, string name, Verification? verification = null)
    {
        verification ??= new Verification();
        if (kind == "c")
        {
            SmallHost host = await SmallHost.StartAsync("verifying", setup, [.. verification.Words]);
            return new AdversaryHost(host, (await host.PortsAsync())[0]);
        }

        NativeHost native = await (kind switch
        {
            "nginx" => AdversaryNginx.StartAsync(setup, name, AdversaryNginx.Server(setup, verification)),
            "haproxy" => AdversaryHaproxy.StartAsync(setup, name, verification),
            "stunnel" => AdversaryStunnel.StartAsync(setup, name, verification),
            "apache" => AdversaryApache.StartAsync(setup, name, verification),
            "python" => AdversaryPython.StartAsync(setup, verification),
            _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
        });
        return new AdversaryHost(native, native.Port);
    }

    internal static void RequireOrIgnore(params string[] kinds)
    {
        NativeLibraries.RequireOrIgnore(["gcc", .. kinds.Select(static kind => kind switch
        {
            "apache" => "apache2",
            "python" => "python3",
            "c" => "gcc",
            _ => kind,
        })]);
    }

    public void Dispose() => Running.Dispose();
}
