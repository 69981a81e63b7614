using System.Diagnostics;

namespace OpenSslSessionCb;

/// <summary>
/// Tells whether it is SslStream that has called libssl, which has called us. It judges clients in .NET, after the handshake or, from
/// .NET 11 on, by a function that libssl has no getter for; compiled ahead of time, its verify callback is part of the program and cannot
/// be recognised.
/// </summary>
/// <remarks>
/// Only the nearest caller counts: a program's own code runs on SslStream's stack, too, in its callbacks, and behind an await of it.
/// </remarks>
internal static class SslStreamCaller
{
    private const string SslStreams = "System.Net.Security";

    private static readonly string? s_ours = typeof(SslStreamCaller).Assembly.GetName().Name;

    /// <summary>Asked once for each SSL_CTX. False where the program keeps no stack traces.</summary>
    internal static bool IsCalling()
    {
        try
        {
            foreach (StackFrame frame in new StackTrace(fNeedFileInfo: false).GetFrames())
            {
                string? assembly = AssemblyOf(frame);
                if (assembly != s_ours)
                {
                    return assembly == SslStreams;
                }
            }

            return false;
        }
        catch (Exception)
        {
            // Not known: OpenSSL is asked then, and says no where it knows of no authority.
            return false;
        }
    }

    private static string? AssemblyOf(StackFrame frame) => DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName.Split(',')[0];
}
