using System.Diagnostics;
using System.Net.Sockets;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>A server that is not .NET, on a free port, ended with all its workers.</summary>
internal sealed class NativeHost : IDisposable
{
    private readonly Process _process;

    private NativeHost(Process process, int port)
    {
        _process = process;
        Port = port;

        // So that it never waits for us.
        _ = process.StandardOutput.ReadToEndAsync();
        _ = process.StandardError.ReadToEndAsync();
    }

    internal int Port { get; }

    internal string Address => $"127.0.0.1:{Port}";

    internal int Id => _process.Id;

    /// <summary>Starts it, and waits until it listens.</summary>
    internal static async Task<NativeHost> StartAsync(
        string program, Func<int, IEnumerable<string>> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        int port = FreePort.Next();
        var host = new NativeHost(ChildProcess.Start(program, arguments(port), environment), port);
        try
        {
            await Eventually.IsTrueAsync(() => ListensAsync(host), $"{program} does not listen");
            return host;
        }
        catch
        {
            host.Dispose();
            throw;
        }
    }

    /// <summary>The example in native/examples, compiled as its first lines say.</summary>
    internal static async Task<NativeHost> StartExampleAsync(
        TemporaryFolder folder, string certificate, string key, string store, string keyFile)
    {
        ProcessResult compiled = await ChildProcess.RunAsync("gcc",
        [
            "-std=c11", "-D_GNU_SOURCE", "-Wall", "-Wextra", "-Werror", "-I", Path.Combine(NativeLibraries.Sources, "include"),
            Path.Combine(NativeLibraries.Sources, "examples", "server.c"),
            "-o", folder["server"], "-L", NativeLibraries.Folder, "-l:libopensslsessioncb.so", "-lssl", "-lcrypto",
            "-Wl,-rpath," + NativeLibraries.Folder,
        ]);
        Assert.That((compiled.ExitCode, compiled.Errors), Is.EqualTo((0, "")));
        return await StartAsync(folder["server"], port => [$"{port}", certificate, key, store, keyFile]);
    }

    /// <summary>nginx with two workers and nothing of ours in its configuration.</summary>
    internal static Task<NativeHost> StartNginxAsync(
        TemporaryFolder folder, string certificate, string key, IReadOnlyDictionary<string, string> environment) =>
        StartAsync("/usr/sbin/nginx", port =>
        [
            "-c", folder.Write("nginx.conf", $$"""
                worker_processes 2;
                daemon off;
                user root;
                pid {{folder["nginx.pid"]}};
                error_log {{folder["nginx.log"]}};
                events { worker_connections 512; }
                http {
                    access_log off;
                    server {
                        listen 127.0.0.1:{{port}} ssl;
                        ssl_certificate {{certificate}};
                        ssl_certificate_key {{key}};
                        ssl_protocols TLSv1.2 TLSv1.3;
                        location / { return 200 "$pid $ssl_session_reused"; }
                    }
                }
                """),
        ],
        environment);

    /// <summary>Raised once it has been stopped.</summary>
    internal event Action? Ended;

    internal bool HasExited => _process.HasExited;

    public void Dispose()
    {
        ChildProcess.Kill(_process);
        _process.Dispose();
        Ended?.Invoke();
        Ended = null;
    }

    private static async Task<bool> ListensAsync(NativeHost host)
    {
        Assert.That(host._process.HasExited, Is.False, "it has ended");
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync("127.0.0.1", host.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
