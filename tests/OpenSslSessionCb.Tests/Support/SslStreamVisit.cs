using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>How a client fared at an <see cref="SslStreamServer"/>.</summary>
/// <param name="IsLetIn">Whether SslStream said yes.</param>
/// <param name="Resumed">What libssl says on the client's side.</param>
/// <param name="Session">What the client would offer next time.</param>
internal sealed record SslStreamVisit(bool IsLetIn, bool Resumed, ClientSession Session) : IDisposable
{
    /// <summary>The first two, to be compared.</summary>
    internal (bool IsLetIn, bool Resumed) Fate => (IsLetIn, Resumed);

    public void Dispose() => Session.Dispose();
}

/// <summary>What a server does with a client that it has let in, before it closes the socket.</summary>
public enum Deed
{
    Writes,
    WritesAndSaysGoodbye,
    SaysGoodbye,
    Reads,
    HearsGoodbye,
}
