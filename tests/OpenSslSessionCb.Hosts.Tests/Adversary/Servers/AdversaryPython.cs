using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>CPython's ssl module.</summary>
internal static class AdversaryPython
{
    internal static Task<NativeHost> StartAsync(HostSetup setup, Verification verification) =>
        NativeHost.StartAsync(
            "/usr/bin/python3",
            port =>
            [
                Path.Combine(NativeLibraries.Sources, "hosts", "python", "verifying.py"), $"{port}", setup.Certificate, setup.Key,
                .. verification.Words,
            ],
            setup.Preloaded);
}
