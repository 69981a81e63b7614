using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A client and a server over memory whose handshake may be suspended.</summary>
internal sealed unsafe class SuspendablePair(TlsContext server, TlsContext client, ClientSession? offer) : IDisposable
{
    private readonly TlsPair _pair = new(server, client, offer);

    public nint ServerHandle => (nint)_pair.Server;

    public bool Resumed => _pair.Resumed;

    /// <summary>Sends the hello, and says what stops the server.</summary>
    public int Advance()
    {
        _ = LibSsl.SSL_do_handshake(_pair.Client);
        int result = LibSsl.SSL_do_handshake(_pair.Server);
        return LibSsl.SSL_get_error(_pair.Server, result);
    }

    /// <summary>To the end of the handshake, with a byte each way.</summary>
    public void Finish()
    {
        _pair.Connect();
        _pair.Close();
    }

    public void Dispose() => _pair.Dispose();
}
