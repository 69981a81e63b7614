using System.Net.Sockets;
using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>What speaks TLS in this process, set up and attached to the cache.</summary>
internal interface IServingStack : IDisposable
{
    /// <summary>Takes the socket over.</summary>
    IServedConnection Serve(Socket socket);
}
