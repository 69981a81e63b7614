using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>Apache, event: one process with threads shakes hands.</summary>
internal static class AdversaryApache
{
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name, Verification verification) =>
        NativeHost.StartAsync("/usr/sbin/apache2",
            port => ["-D", "FOREGROUND", "-f", setup.Folder.Write(name + ".conf", Configuration(setup, name, verification, port))],
            setup.Preloaded);

    private static string Configuration(HostSetup setup, string name, Verification verification, int port)
    {
        Directory.CreateDirectory(setup.Folder["www"]);
        Directory.CreateDirectory(setup.Folder[name]);
        setup.Folder.Write("www/index.html", AdversaryHost.Page + "\n");
        string modules = "/usr/lib/apache2/modules";
        return $"""
            ServerRoot {setup.Folder.Root}
            PidFile {setup.Folder[name + ".pid"]}
            ErrorLog {setup.Folder[name + ".log"]}
            DefaultRuntimeDir {setup.Folder[name]}
            Mutex file:{setup.Folder[name]} default
            Listen 127.0.0.1:{port}
            ServerName localhost
            LoadModule mpm_event_module {modules}/mod_mpm_event.so
            LoadModule authz_core_module {modules}/mod_authz_core.so
            LoadModule mime_module {modules}/mod_mime.so
            LoadModule dir_module {modules}/mod_dir.so
            LoadModule ssl_module {modules}/mod_ssl.so
            TypesConfig /dev/null
            DirectoryIndex index.html
            DocumentRoot {setup.Folder["www"]}
            <Directory {setup.Folder["www"]}>
                Require all granted
            </Directory>
            {(Environment.IsPrivilegedProcess ? $"User {HostSetup.User}\nGroup {HostSetup.User}" : "")}
            StartServers 1
            ServerLimit 1
            ThreadsPerChild 4
            MaxRequestWorkers 4
            <VirtualHost *:{port}>
                ServerName localhost
                SSLEngine on
                SSLCertificateFile {setup.Certificate}
                SSLCertificateKeyFile {setup.Key}
                {(verification.IsOn ? "SSLVerifyClient require" : "")}
                {(verification.CaFile is { } file ? $"SSLCACertificateFile {file}" : "")}
                {(verification.CaPath is { } path ? $"SSLCACertificatePath {path}" : "")}
                {(verification.CrlFile is { } list ? $"SSLCARevocationFile {list}\nSSLCARevocationCheck chain" : "")}
                {(verification.Depth is { } depth ? $"SSLVerifyDepth {depth + 1}" : "")}
            </VirtualHost>

            """;
    }
}
