using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>Looks at the key ring before a server does, whose log nobody may be reading.</summary>
internal static class KeyFileCheck
{
    private const int Others = 0b111_111;

    /// <summary>It is not made here: the server's workers do that, with the rights that they have then.</summary>
    /// <exception cref="SessionKeyRingException">It is there, and no good.</exception>
    internal static void ThrowIfUnusable(string file)
    {
        if (!Path.Exists(file))
        {
            return;
        }

        // A server that root starts often changes to the user that the file belongs to; to root itself, that would be a stranger.
        if (FileStatus.TryOf(file) is { IsRegularFile: true, UserId: not 0 } status && ProcessRights.Read().EffectiveUser == 0)
        {
            if ((status.Mode & Others) != 0)
            {
                throw new ToolException($"The key ring {file} is open to other users "
                    + $"(mode {Convert.ToString(status.Mode & 0xFFF, 8).PadLeft(4, '0')}): "
                    + "run chmod 600 on it, and renew it if they may have read it.");
            }

            return;
        }

        try
        {
            SessionKeyRing.Open(file).Dispose();
        }
        catch (OpenSslNotSupportedException)
        {
            // No libssl that sesscb could use; the server brings its own.
        }
    }
}
