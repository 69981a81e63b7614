using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using OpenSslSessionCb.SlowStoreNode;

// A server whose store answers late: what must be measured in a process of its own. Prints its port, and serves until its input ends.
//   kestrel MILLISECONDS KEYFILE       Kestrel with AddOpenSslSessionCache
//   kestrel-alone MILLISECONDS KEYFILE the same, without looking ahead
//   sslstream MILLISECONDS KEYFILE     SslStream over a SessionLookAheadStream
// Each answers any request with the cache's statistics, and with what it knows of the connection: "resumed True"; and how
// many questions its store had to answer at once at most, and how many sessions it has.
var store = new SlowStore(TimeSpan.FromMilliseconds(int.Parse(args[1], CultureInfo.InvariantCulture)));
using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
using X509Certificate2 certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256)
    .CreateSelfSigned(DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(1));
switch (args[0])
{
    case "kestrel":
        await KestrelNode.RunAsync(store, certificate, args[2], lookAhead: true);
        return 0;
    case "kestrel-alone":
        await KestrelNode.RunAsync(store, certificate, args[2], lookAhead: false);
        return 0;
    case "sslstream":
        await SslStreamNode.RunAsync(store, certificate, args[2]);
        return 0;
    default:
        return 2;
}
