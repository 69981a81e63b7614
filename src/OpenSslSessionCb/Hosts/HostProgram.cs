using System.Buffers.Binary;
using System.Text;

namespace OpenSslSessionCb;

/// <summary>The program that we were loaded into without its knowledge: by its name two nodes know that it is the same.</summary>
/// <remarks>
/// What a program keeps its clients apart by means something to that program alone. Where a session of another one comes, it is not
/// comparable; the few servers are named here for which it says nothing of a client, so that they resume each other's sessions.
/// </remarks>
internal sealed class HostProgram
{
    private HostProgram(string name)
    {
        Span<byte> digest = stackalloc byte[LibCryptoHash.Length];
        LibCryptoHash.Sha256(Encoding.UTF8.GetBytes(name), digest);
        Number = name.Length == 0 ? 0 : BinaryPrimitives.ReadUInt64LittleEndian(digest) | 1;
        bool isApache = name is "apache2" or "httpd";
        IsStunnel = name is "stunnel" or "stunnel4" or "stunnel5";
        IdContextsAreAddresses = isApache;
        VerifyCallbackAddsNothing = name is "nginx" or "openresty" or "angie" or "freenginx" or "haproxy";
        VerifyCallbackMayBeAsked = VerifyCallbackAddsNothing || isApache || IsStunnel;
    }

    /// <summary>Null: nobody watches, and nothing is known of what the host has set.</summary>
    internal static HostProgram? Current { get; private set; }

    /// <summary>Of the name, in records; 0: it has none.</summary>
    internal ulong Number { get; }

    /// <summary>
    /// Apache gives each connection a hash of the name and port of its virtual host, which differ from node to node; who may do
    /// what, it decides for each request.
    /// </summary>
    internal bool IdContextsAreAddresses { get; }

    /// <summary>
    /// stunnel puts the address that it has connected to on a session; and into a ticket, what it has also put on the session when
    /// that was made, which is looked at.
    /// </summary>
    internal bool IsStunnel { get; }

    /// <summary>
    /// Whether its verify callback says yes to whom OpenSSL says yes to, so that it need not be asked. HAProxy's must not be: it notes on
    /// the connection that there was a certificate.
    /// </summary>
    internal bool VerifyCallbackAddsNothing { get; }

    /// <summary>
    /// Whether a client that OpenSSL finds fault with is as good as any other if its verify callback lets it in: stunnel's looks at the
    /// certificate alone (verifyPeer), and notes nothing on the connection.
    /// </summary>
    internal bool VerifyCallbackOverrules => IsStunnel;

    /// <summary>
    /// Whether its verify callback can be called for a connection that may come to no certificate at all, and that has no session yet.
    /// Of other programs that is not known: some note the answer on the connection, where a full handshake would find it.
    /// </summary>
    internal bool VerifyCallbackMayBeAsked { get; }

    internal static void Watch(string? name) => Current = name is null ? null : new HostProgram(name);
}
