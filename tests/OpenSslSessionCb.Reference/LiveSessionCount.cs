namespace OpenSslSessionCb.Reference;

/// <summary>How many SSL_SESSIONs live in this process, counted by libssl itself through ex_data.</summary>
public static class LiveSessionCount
{
    public static void Start() => Osr.osr_live_sessions_start();

    public static long Now => Osr.osr_live_sessions().Value;
}
