namespace OpenSslSessionCb;

/// <summary>What went wrong in a call of libssl's where nobody is at hand to tell it to.</summary>
internal static class UncaughtExceptions
{
    internal static void Trace(Exception exception)
    {
        try
        {
            System.Diagnostics.Trace.TraceError("OpenSslSessionCb: {0}", exception);
        }
        catch (Exception)
        {
            // A trace listener of the host's; nothing may escape into C.
        }
    }
}
