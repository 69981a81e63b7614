using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>What a host hangs on its sessions (ex_data): it stays in the process, since a session's encoding has no place for it.</summary>
/// <remarks>
/// stunnel notes there that a client is not to get to the private server, and takes every session without a note for a good one.
/// </remarks>
internal static unsafe class HostData
{
    // libcrypto does not tell how many slots there are; each program has a handful.
    private const int Slots = 64;

    /// <summary>Whether data that a host puts on a session after its handshake may be what it knows a client by.</summary>
    internal static bool MayMatterLater => HostProgram.Current is not { IsStunnel: true } && !HostTickets.IsJudging;

    /// <summary>Whether a session has other data than one that has just been made.</summary>
    internal static bool IsOn(SslSessionRef session)
    {
        SSL_SESSION* fresh = LibSsl.SSL_SESSION_new();
        if (fresh is null)
        {
            return true;
        }

        bool differs = false;
        for (int slot = 0; slot < Slots && !differs; slot++)
        {
            differs = LibSsl.SSL_SESSION_get_ex_data(session.Pointer, slot) != LibSsl.SSL_SESSION_get_ex_data(fresh, slot);
        }

        LibSsl.SSL_SESSION_free(fresh);
        return differs;
    }
}
