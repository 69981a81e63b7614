using System.Runtime.InteropServices;

namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>
/// Programs that get rights which their caller does not have. The kernel marks them (AT_SECURE), and the
/// loader then ignores LD_PRELOAD.
/// </summary>
internal static partial class SecureExecution
{
    private const ushort SetUser = 0x800;
    private const ushort SetGroup = 0x400;
    private const ushort GroupExecutes = 0x8;
    private const ulong NoSetUser = 2;

    // struct statvfs on every machine of 64 bits: f_flag is its tenth number.
    private const int MountFlags = 9;

    /// <summary>Why the loader will ignore LD_PRELOAD, as the end of a sentence about the program; null: it will not.</summary>
    internal static string? Reason(string path, ProcessRights rights)
    {
        if (FileStatus.TryOf(path) is not { } status)
        {
            return null;
        }

        bool takesRights = !IsMountedWithoutRights(path);
        bool takesIds = takesRights && !rights.NoNewPrivileges;
        uint user = takesIds && (status.Mode & SetUser) != 0 ? status.UserId : rights.EffectiveUser;
        uint group = takesIds && (status.Mode & (SetGroup | GroupExecutes)) == (SetGroup | GroupExecutes)
            ? status.GroupId
            : rights.EffectiveGroup;
        if (user != rights.RealUser)
        {
            return $"would run as user {user} while user {rights.RealUser} starts it (setuid), so the loader would ignore LD_PRELOAD: "
                + "start it as that user.";
        }

        if (group != rights.RealGroup)
        {
            return $"would run in group {group} while group {rights.RealGroup} starts it (setgid), so the loader would ignore LD_PRELOAD: "
                + "start it in that group.";
        }

        return takesRights && rights.RealUser != 0 && FileCapabilities.TryOf(path) is { } capabilities && Grants(capabilities, rights)
            ? "has file capabilities, so the loader would ignore LD_PRELOAD: "
                + "take them away with setcap -r, and let who starts it give them (AmbientCapabilities= in a systemd unit)."
            : null;
    }

    private static bool Grants(FileCapabilities file, ProcessRights rights) =>
        file.AreEffective || ((file.Permitted & rights.BoundingCapabilities) | (file.Inheritable & rights.InheritableCapabilities)) != 0;

    private static bool IsMountedWithoutRights(string path)
    {
        Span<ulong> mount = stackalloc ulong[32];
        return GetMount(path, mount) == 0 && (mount[MountFlags] & NoSetUser) != 0;
    }

    [LibraryImport("libc", EntryPoint = "statvfs", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetMount(string path, Span<ulong> mount);
}
