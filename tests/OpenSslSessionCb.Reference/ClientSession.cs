using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Reference;

/// <summary>A session as a client holds it, to offer it again.</summary>
public sealed unsafe class ClientSession : IDisposable
{
    public ClientSession(SSL_SESSION* session) =>
        Pointer = session is not null ? session : throw new InvalidOperationException("The client has no session to offer.");

    public SSL_SESSION* Pointer { get; private set; }

    public void Dispose()
    {
        LibSsl.SSL_SESSION_free(Pointer);
        Pointer = null;
    }
}
