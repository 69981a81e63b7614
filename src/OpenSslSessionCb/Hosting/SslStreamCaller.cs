using System.Diagnostics;

namespace OpenSslSessionCb;

/// <summary>
/// Tells whether SslStream is among those who have called us. It judges clients in .NET, after the handshake or, from .NET 11 on, by a
/// function that libssl has no getter for; compiled ahead of time, its verify callback is part of the program and cannot be recognised.
/// </summary>
internal static class SslStreamCaller
{
    private const string Assembly = "System.Net.Security";

    /// <summary>Some 50 µs: asked once for each SSL_CTX. False where the program keeps no stack traces.</summary>
    internal static bool IsCalling()
    {
        try
        {
            return new StackTrace(fNeedFileInfo: false).GetFrames().Any(static frame => IsItsOwn(frame));
        }
        catch (Exception)
        {
            // Not known: OpenSSL is asked then, and says no where it knows of no authority.
            return false;
        }
    }

    private static bool IsItsOwn(StackFrame frame) =>
        DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName.Split(',')[0] == Assembly;
}
