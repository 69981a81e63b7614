namespace OpenSslSessionCb.Hosts.Tests.Support;

/// <summary>The program openssl: its s_client, and the files it makes.</summary>
internal static class OpenSslClient
{
    private const string Request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

    /// <summary>Gets the page /; waits for close_notify as a browser does, and so has read the ticket by then.</summary>
    internal static Task<ProcessResult> GetAsync(ServeProcess server, params IEnumerable<string> options) =>
        ChildProcess.RunAsync(
            "openssl",
            ["s_client", "-connect", server.EndPoint.ToString(), "-ign_eof", .. options],
            Request,
            keepInputOpen: TimeSpan.FromSeconds(10));

    /// <summary>A self-signed certificate that is a CA as well; returns the files of the certificate and of the key.</summary>
    internal static async Task<(string Certificate, string Key)> MakeCertificateAsync(
        TemporaryFolder folder, string name, params IEnumerable<string> options)
    {
        (string certificate, string key) = (folder[name + ".crt"], folder[name + ".key"]);
        ProcessResult result = await ChildProcess.RunAsync(
            "openssl",
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-days", "2", "-subj", "/CN=" + name, "-keyout", key, "-out", certificate, .. options]);
        Assert.That(result.ExitCode, Is.Zero, result.Errors);
        return (certificate, key);
    }
}
