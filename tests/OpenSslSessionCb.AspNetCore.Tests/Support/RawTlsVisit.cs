using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.AspNetCore.Tests.Support;

/// <summary>What a visit of a <see cref="RawTlsClient"/> brought: also the session, to be offered again.</summary>
internal sealed unsafe class RawTlsVisit(bool resumed, string answer, nint session) : IDisposable
{
    internal bool Resumed { get; } = resumed;

    internal string Answer { get; } = answer;

    /// <summary>An SSL_SESSION*.</summary>
    internal nint Session { get; } = session;

    public void Dispose() => LibSsl.SSL_SESSION_free((SSL_SESSION*)Session);
}
