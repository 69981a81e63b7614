namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>CPython's ssl module: libssl comes into the process with an import, long after the preloaded library.</summary>
internal static class PythonHost
{
    internal static Task<NativeHost> StartAsync(HostSetup setup) =>
        NativeHost.StartAsync(
            "/usr/bin/python3",
            port =>
            [
                Path.Combine(NativeLibraries.Sources, "hosts", "python", "server.py"), $"{port}", setup.Certificate, setup.Key,
                .. setup.ClientCa is { } ca ? [ca] : Array.Empty<string>(),
            ],
            setup.Preloaded);
}
