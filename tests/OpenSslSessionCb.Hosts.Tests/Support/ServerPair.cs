namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>Two servers that share a store, a key ring and a certificate, each with options of its own besides.</summary>
internal sealed class ServerPair : IDisposable
{
    private ServerPair(ServeProcess first, ServeProcess second)
    {
        First = first;
        Second = second;
    }

    internal ServeProcess First { get; }

    internal ServeProcess Second { get; }

    internal static Task<ServerPair> StartAsync(TemporaryFolder folder, params string[] options) => StartAsync(folder, options, options);

    internal static Task<ServerPair> StartAsync(TemporaryFolder folder, string[] first, string[] second) =>
        StartAsync(folder, ["--store", "sqlite:" + folder["sessions.db"]], first, second);

    /// <summary>They have nothing in common but the certificate.</summary>
    internal static Task<ServerPair> StartWithoutCacheAsync(TemporaryFolder folder, string[] first, string[] second) =>
        StartAsync(folder, ["--no-cache"], first, second);

    private static async Task<ServerPair> StartAsync(TemporaryFolder folder, string[] both, string[] first, string[] second)
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(folder, "server");
        string[] shared = ["--cert", certificate, "--key", key, .. both];
        ServeProcess one = await ServeProcess.StartAsync([.. shared, .. first]);
        try
        {
            return new ServerPair(one, await ServeProcess.StartAsync([.. shared, .. second]));
        }
        catch
        {
            one.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        First.Dispose();
        Second.Dispose();
    }
}
