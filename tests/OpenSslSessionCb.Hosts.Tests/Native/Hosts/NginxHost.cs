namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>nginx with two workers, and nothing of ours in its configuration.</summary>
internal static class NginxHost
{
    /// <param name="setup">The farm.</param>
    /// <param name="name">For its files.</param>
    /// <param name="becoming">What becomes nginx, if that is not started itself: a program and its arguments.</param>
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name = "nginx", params string[] becoming)
    {
        string[] command = [.. becoming, "/usr/sbin/nginx"];
        return NativeHost.StartAsync(command[0],
            port => [.. command[1..], "-c", setup.Folder.Write(name + ".conf", Configuration(setup, name, port))], setup.Preloaded);
    }

    private static string Server(HostSetup setup, int port, string certificate, string key, string? name) => $$"""
            server {
                listen 127.0.0.1:{{port}} ssl;
                {{(name is null ? "" : $"server_name {name};")}}
                ssl_certificate {{certificate}};
                ssl_certificate_key {{key}};
                ssl_protocols TLSv1.2 TLSv1.3;
                {{(setup.ClientCa is { } ca ? $"ssl_client_certificate {ca}; ssl_verify_client on;" : "")}}
                location / { return 200 "client $ssl_client_verify $ssl_client_s_dn\n"; }
            }

        """;

    internal static string Configuration(HostSetup setup, string name, int port) => $$"""
        worker_processes 2;
        daemon off;
        user {{HostSetup.User}};
        pid {{setup.Folder[name + ".pid"]}};
        error_log {{setup.Folder[name + ".log"]}};
        worker_shutdown_timeout 5s;
        events { worker_connections 512; }
        http {
            access_log off;
            client_body_temp_path {{setup.RunFolder}}/{{name}}-body;
            proxy_temp_path {{setup.RunFolder}}/{{name}}-proxy;
            fastcgi_temp_path {{setup.RunFolder}}/{{name}}-fastcgi;
            uwsgi_temp_path {{setup.RunFolder}}/{{name}}-uwsgi;
            scgi_temp_path {{setup.RunFolder}}/{{name}}-scgi;
            {{Server(setup, port, setup.Certificate, setup.Key, null)}}
            {{string.Concat(setup.Sites.Select(site => Server(setup, port, site.Certificate, site.Key, site.Name)))}}
        }
        """;
}
