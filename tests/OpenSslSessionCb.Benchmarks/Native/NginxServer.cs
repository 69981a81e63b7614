using System.Diagnostics;
using System.Globalization;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>An nginx with one worker, on a processor of its own. It ends with this process, however that ends.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    internal const string Program = "/usr/sbin/nginx";

    // A worker that a burst has stopped, and whose client was killed, would not hear that it is to end.
    private const string Script = """
        "$@" < /dev/null > /dev/null 2>&1 &
        echo $!
        read -r end
        kill -CONT $(cat /proc/$!/task/$!/children) 2> /dev/null
        kill -TERM $! 2> /dev/null
        wait
        """;

    private static readonly TimeSpan s_startTime = TimeSpan.FromSeconds(10);

    private readonly Process _shell;

    private NginxServer(Process shell, int port)
    {
        _shell = shell;
        Port = port;
    }

    internal int Port { get; }

    /// <summary>The process id of the one worker.</summary>
    internal int Worker { get; private set; }

    /// <param name="files">Its certificate, and where its configuration goes.</param>
    /// <param name="variant">Who keeps its sessions. The configuration is the same for all.</param>
    /// <param name="key">rsa or p256.</param>
    internal static async Task<NginxServer> StartAsync(NativeFiles files, NginxVariant variant, string key = "rsa")
    {
        int port = FreePort.Next();
        string folder = Directory.CreateDirectory(files[$"nginx-{port}"]).FullName;
        string configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configuration(files, folder, port, key));
        string[] nginx = Machine.OnServers(Program, "-c", configuration, "-e", Path.Combine(folder, "error.log"));
        var start = new ProcessStartInfo(
            "/bin/sh", ["-c", Script, "sh", "env", .. variant.Environment.Select(static pair => $"{pair.Key}={pair.Value}"), .. nginx])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var server = new NginxServer(Process.Start(start)!, port);
        try
        {
            int master = int.Parse((await server._shell.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            server.Worker = await WorkerOfAsync(master);
            return server;
        }
        catch (Exception exception) when (exception is TimeoutException or IOException)
        {
            await server.DisposeAsync();
            string log = Path.Combine(folder, "error.log");
            throw new BenchmarkException(
                $"nginx did not start: {(File.Exists(log) ? File.ReadLines(log).LastOrDefault() : exception.Message)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        _shell.StandardInput.Close();
        await _shell.WaitForExitAsync();
        _shell.Dispose();
    }

    private static string Configuration(NativeFiles files, string folder, int port, string key) => $$"""
        worker_processes 1;
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        pid {{folder}}/pid;
        events { worker_connections 2048; }
        http {
            access_log off;
            client_body_temp_path {{folder}}/body;
            proxy_temp_path {{folder}}/proxy;
            fastcgi_temp_path {{folder}}/fastcgi;
            uwsgi_temp_path {{folder}}/uwsgi;
            scgi_temp_path {{folder}}/scgi;
            server {
                listen 127.0.0.1:{{port}} ssl;
                ssl_certificate {{files[key + ".crt"]}};
                ssl_certificate_key {{files[key + ".key"]}};
                ssl_protocols TLSv1.2 TLSv1.3;
                ssl_session_cache shared:SSL:10m;
                ssl_session_timeout 2h;
                ssl_session_tickets off;
                location / { return 204; }
            }
        }
        """;

    /// <summary>It listens before it has a worker.</summary>
    private static async Task<int> WorkerOfAsync(int master)
    {
        for (var since = Stopwatch.StartNew(); since.Elapsed < s_startTime; await Task.Delay(5))
        {
            if (int.TryParse(
                await File.ReadAllTextAsync($"/proc/{master}/task/{master}/children"), CultureInfo.InvariantCulture, out int worker))
            {
                return worker;
            }
        }

        throw new TimeoutException("it has no worker.");
    }
}
