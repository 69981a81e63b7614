namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>Apache: prefork, a process for each connection, or event, processes with threads.</summary>
internal static class ApacheHost
{
    /// <summary>Of its error log. Apache listens before it takes signals.</summary>
    internal const string ReadyLine = "resuming normal operations";

    /// <param name="setup">The farm.</param>
    /// <param name="model">prefork or event.</param>
    /// <param name="cache">Its own session cache, as Debian sets it up; null: none.</param>
    internal static Task<NativeHost> StartAsync(HostSetup setup, string model, string? cache = null) =>
        NativeHost.StartAsync(
            "/usr/sbin/apache2",
            port => ["-D", "FOREGROUND", "-f", setup.Folder.Write($"apache-{model}.conf", Configuration(setup, model, cache, port))],
            setup.Preloaded);

    private static string Configuration(HostSetup setup, string model, string? cache, int port)
    {
        Directory.CreateDirectory(setup.Folder["www"]);
        setup.Folder.Write("www/index.shtml", "client <!--#echo var=\"SSL_CLIENT_VERIFY\" --> <!--#echo var=\"SSL_CLIENT_S_DN\" -->\n");
        string modules = "/usr/lib/apache2/modules";
        return $"""
            ServerRoot {setup.Folder.Root}
            PidFile {setup.Folder[$"apache-{model}.pid"]}
            ErrorLog {setup.Folder[$"apache-{model}.log"]}
            DefaultRuntimeDir {setup.RunFolder}
            Mutex file:{setup.RunFolder} default
            Listen 127.0.0.1:{port}
            ServerName localhost
            LoadModule mpm_{model}_module {modules}/mod_mpm_{model}.so
            LoadModule authz_core_module {modules}/mod_authz_core.so
            LoadModule mime_module {modules}/mod_mime.so
            LoadModule dir_module {modules}/mod_dir.so
            LoadModule include_module {modules}/mod_include.so
            LoadModule ssl_module {modules}/mod_ssl.so
            LoadModule socache_shmcb_module {modules}/mod_socache_shmcb.so
            TypesConfig /dev/null
            AddOutputFilter INCLUDES .shtml
            DirectoryIndex index.shtml
            DocumentRoot {setup.Folder["www"]}
            <Directory {setup.Folder["www"]}>
                Options +Includes
                Require all granted
            </Directory>
            {(Environment.IsPrivilegedProcess ? $"User {HostSetup.User}\nGroup {HostSetup.User}" : "")}
            {(model == "prefork"
                ? "StartServers 3\nMinSpareServers 3\nMaxSpareServers 3\nMaxRequestWorkers 3"
                : "StartServers 2\nServerLimit 2\nThreadsPerChild 8\nMaxRequestWorkers 16")}
            GracefulShutdownTimeout 5
            {(cache is null ? "" : "SSLSessionCache " + cache)}
            {VirtualHost(setup, port, "localhost", setup.Certificate, setup.Key)}
            {string.Concat(setup.Sites.Select(site => VirtualHost(setup, port, site.Name, site.Certificate, site.Key)))}

            """;
    }

    private static string VirtualHost(HostSetup setup, int port, string name, string certificate, string key) => $"""
        <VirtualHost *:{port}>
            ServerName {name}
            SSLEngine on
            SSLCertificateFile {certificate}
            SSLCertificateKeyFile {key}
            SSLOptions +StdEnvVars
            {(setup.ClientCa is { } ca ? $"SSLCACertificateFile {ca}\nSSLVerifyClient require" : "")}
        </VirtualHost>

        """;
}
