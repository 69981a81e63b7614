using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>The example in native/examples, linked to the library.</summary>
internal static class ExampleHost
{
    internal static Task<NativeHost> StartAsync(HostSetup setup) =>
        NativeHost.StartExampleAsync(setup.Folder, setup.Certificate, setup.Key, setup.Store, setup.KeyFile);
}
