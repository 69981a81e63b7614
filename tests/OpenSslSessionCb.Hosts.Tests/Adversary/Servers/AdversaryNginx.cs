using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>nginx with one worker.</summary>
internal static class AdversaryNginx
{
    /// <param name="setup">The farm.</param>
    /// <param name="name">For its files.</param>
    /// <param name="servers">What stands in http, given the port.</param>
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name, Func<int, string> servers) =>
        NativeHost.StartAsync("/usr/sbin/nginx",
            port => ["-c", setup.Folder.Write(name + ".conf", Configuration(setup, name, servers(port)))], setup.Preloaded);

    /// <summary>The sites of a farm, and before them the one that answers to any name.</summary>
    internal static Func<int, string> Server(HostSetup setup, Verification verification) => port =>
        Server(port, "", setup.Certificate, setup.Key, Lines(verification))
        + string.Concat(setup.Sites.Select(site =>
            Server(port, $"server_name {site.Name};", site.Certificate, site.Key, Lines(verification))));

    /// <param name="port">Where it listens.</param>
    /// <param name="names">The directive server_name, or nothing.</param>
    /// <param name="certificate">A file; with a variable in it, it is read for each connection.</param>
    /// <param name="key">The same of the key.</param>
    /// <param name="lines">More directives.</param>
    internal static string Server(int port, string names, string certificate, string key, string lines = "") => $$"""
            server {
                listen 127.0.0.1:{{port}} ssl;
                {{names}}
                ssl_certificate {{certificate}};
                ssl_certificate_key {{key}};
                ssl_protocols TLSv1.2 TLSv1.3;
                {{lines}}
                location / { return 200 "served by $pid\n"; }
            }

        """;

    /// <summary>Only clients that are verified get the page: nginx answers the others with 400.</summary>
    private static string Lines(Verification verification) => !verification.IsOn ? "" : $"""
        ssl_client_certificate {verification.CaFile};
        ssl_verify_client on;
        {(verification.CrlFile is { } list ? $"ssl_crl {list};" : "")}
        {(verification.Depth is { } depth ? $"ssl_verify_depth {depth};" : "")}
        """;

    internal static string LogOf(HostSetup setup, string name) => File.ReadAllText(setup.Folder[name + ".log"]);

    private static string Configuration(HostSetup setup, string name, string servers) => $$"""
        worker_processes 1;
        daemon off;
        user {{HostSetup.User}};
        pid {{setup.Folder[name + ".pid"]}};
        error_log {{setup.Folder[name + ".log"]}};
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path {{setup.RunFolder}}/{{name}}-body;
            proxy_temp_path {{setup.RunFolder}}/{{name}}-proxy;
            fastcgi_temp_path {{setup.RunFolder}}/{{name}}-fastcgi;
            uwsgi_temp_path {{setup.RunFolder}}/{{name}}-uwsgi;
            scgi_temp_path {{setup.RunFolder}}/{{name}}-scgi;
        {{servers}}
        }
        """;
}
