using System.Runtime.CompilerServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A call into libssl or libcrypto failed. The thread's error queue is left as it was before the call.</summary>
public sealed class OpenSslException : Exception
{
    internal OpenSslException(string message, OpenSslError? error)
        : base(error is null ? message + "." : $"{message}: {error}") => Error = error;

    /// <summary>The newest entry that the call put into the error queue; null when it gave no reason.</summary>
    public OpenSslError? Error { get; }

    /// <summary>For calls that promise a positive result on success.</summary>
    internal static void ThrowIfFailed(int result, ErrorMark mark, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result <= 0)
        {
            throw new OpenSslException(NameOf(call) + " failed", mark.NewestError);
        }
    }

    // "LibSsl.SSL_CTX_new(method)" → "SSL_CTX_new": the arguments say nothing to a reader of a log.
    private static string NameOf(string call) => call.Split('(')[0].Split('.')[^1];
}
