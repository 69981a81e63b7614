using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>stunnel, which verifies clients in one of its ways.</summary>
internal static class AdversaryStunnel
{
    internal static Task<NativeHost> StartAsync(HostSetup setup, string name, Verification verification) =>
        StunnelHost.StartAsync(setup, name, Options(verification), AdversaryHost.Page);

    private static string Options(Verification verification)
    {
        static string Line(string option, string? value) => value is null ? "" : $"{option} = {value}\n";
        return Line("verifyChain", verification.IsOn ? "yes" : null)
            + Line("CAfile", verification.CaFile) + Line("CApath", verification.CaPath) + Line("CRLfile", verification.CrlFile)
            + Line("checkEmail", verification.Email) + Line("checkHost", verification.HostName);
    }
}
