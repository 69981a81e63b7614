namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>HAProxy with two threads under its own master, as Debian runs it.</summary>
internal static class HaproxyHost
{
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name = "haproxy") =>
        NativeHost.StartAsync(
            "/usr/sbin/haproxy",
            port => ["-W", "-S", setup.Folder[name + ".sock"], "-f", setup.Folder.Write(name + ".cfg", Configuration(setup, name, port))],
            setup.Preloaded);

    private static string Configuration(HostSetup setup, string name, int port)
    {
        // It takes certificate and key from one file, and the host name from the certificate.
        string Both(string file, string certificate, string key) =>
            setup.Folder.Write(file, File.ReadAllText(key) + File.ReadAllText(certificate));
        string certificates = $"crt {Both(name + ".pem", setup.Certificate, setup.Key)}"
            + string.Concat(setup.Sites.Select(site => $" crt {Both($"{name}-{site.Name}.pem", site.Certificate, site.Key)}"));
        string verify = setup.ClientCa is { } ca ? $"ca-file {ca} verify required" : "";
        return $"""
            global
                nbthread 2
                hard-stop-after 5s
                stats socket {setup.Folder[name + ".stats"]} expose-fd listeners
            defaults
                mode http
                timeout connect 5s
                timeout client 10s
                timeout server 10s
            frontend tls
                bind 127.0.0.1:{port} ssl {certificates} ssl-min-ver TLSv1.2 {verify}
                http-request return status 200 content-type text/plain lf-string "client %[ssl_c_verify] %[ssl_c_s_dn]\n"

            """;
    }
}
