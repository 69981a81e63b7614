using OpenSslSessionCb.Tool.Tls;

namespace OpenSslSessionCb.Tool.Hosted;

/// <summary>A connection that .NET's own TLS makes, as libssl knows it: nothing public in .NET says whether a handshake resumed.</summary>
internal sealed class ObservedConnection
{
    private readonly Lock _gate = new();
    private nint _ssl;

    internal bool IsHandshakeDone { get; private set; }

    /// <summary>What libssl says now.</summary>
    internal TlsFacts Facts
    {
        get
        {
            // While the gate is held, libssl waits to free it.
            lock (_gate)
            {
                return _ssl != 0 ? TlsFacts.Of(_ssl) : throw new TlsFailedException("the connection is closed");
            }
        }
    }

    /// <summary>
    /// False: it is made already, and this is another of the same flow of control, a client's perhaps. Before the first
    /// connection .NET makes and frees some to find out what libssl can do: those do not stay.
    /// </summary>
    internal bool TryMake(nint ssl)
    {
        lock (_gate)
        {
            if (_ssl != 0)
            {
                return false;
            }

            _ssl = ssl;
            return true;
        }
    }

    internal void HandshakeDone() => IsHandshakeDone = true;

    internal void Freed()
    {
        lock (_gate)
        {
            _ssl = 0;
        }
    }
}
