using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>HAProxy: one process, one thread.</summary>
internal static class AdversaryHaproxy
{
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name, Verification verification) =>
        NativeHost.StartAsync("/usr/sbin/haproxy",
            port => ["-db", "-f", setup.Folder.Write(name + ".cfg", Configuration(setup, name, verification, port))], setup.Preloaded);

    private static string Configuration(HostSetup setup, string name, Verification verification, int port)
    {
        string both = setup.Folder.Write(name + ".pem", File.ReadAllText(setup.Key) + File.ReadAllText(setup.Certificate));
        string list = verification.CrlFile is { } file ? $"crl-file {file}" : "";
        return $"""
            global
                nbthread 1
            defaults
                mode http
                timeout connect 5s
                timeout client 10s
                timeout server 10s
            frontend tls
                bind 127.0.0.1:{port} ssl crt {both} ssl-min-ver TLSv1.2 {Demand(verification)} {list}
                http-request return status 200 content-type text/plain string "{AdversaryHost.Page}\n"

            """;
    }

    private static string Demand(Verification verification) =>
        verification.IsOn ? $"ca-file {verification.CaFile} verify required" : "";
}
