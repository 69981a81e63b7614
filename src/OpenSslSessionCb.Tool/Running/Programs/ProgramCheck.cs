namespace OpenSslSessionCb.Tool.Running.Programs;

/// <summary>Looks at a program before it is started, for what keeps a preloaded library from sharing its sessions.</summary>
internal static class ProgramCheck
{
    // As many scripts of scripts as the kernel follows.
    private const int DeepestScript = 5;

    /// <summary>A program that cannot be looked at, and one of which nothing is sure, is let go on.</summary>
    /// <param name="path">It exists and may be executed.</param>
    /// <exception cref="ToolException">Says what stops it.</exception>
    internal static void ThrowIfStopped(string path)
    {
        string about = path;
        for (int depth = 0; depth <= DeepestScript; depth++)
        {
            using ElfFile? file = ElfFile.TryOpen(path);
            if (file is null || Script.TryRead(file) is not { } script)
            {
                // A program may be executed by those who may not read it.
                string? reason = file is null ? SecureExecution.Reason(path, ProcessRights.Read()) : Reason(path, file);
                if (reason is not null)
                {
                    throw new ToolException($"{about} {reason}");
                }

                return;
            }

            string interpreter = ProgramPath.Checked(script.Interpreter, path);
            if (script.Program is not { } program)
            {
                return;
            }

            about = $"{path} is a script for {program}, and that";
            path = program == script.Interpreter ? interpreter : program;
        }

        throw new ToolException($"{path} is a script for a script for a script, deeper than Linux follows: start the program itself.");
    }

    private static string? Reason(string path, ElfFile file)
    {
        try
        {
            return ElfIdentity.TryRead(file) is { } identity
                ? ReasonOf(path, file, identity)
                : "is no program: it is neither an ELF file nor a script that begins with #! and the name of its interpreter.";
        }
        catch (InvalidDataException)
        {
            return "is damaged: what its ELF headers name lies outside of the file, or makes no sense.";
        }
    }

    private static string? ReasonOf(string path, ElfFile file, ElfIdentity identity)
    {
        if (ElfIdentity.Own is { } own && identity != own)
        {
            return $"is a program for {identity} and this sesscb is for {own}: use a sesscb and libraries that are built for it.";
        }

        var image = new ElfImage(file);
        if (image.Interpreter is not { } interpreter)
        {
            // The loader itself can be given a program as its argument.
            return image.Dynamic?.Name?.StartsWith("ld-linux", StringComparison.Ordinal) == true
                ? null
                : "is statically linked, so that no library can be preloaded into it: use a build of it that is linked to libssl.so.";
        }

        if (Path.GetFileName(interpreter).StartsWith("ld-musl-", StringComparison.Ordinal))
        {
            return $"is made for musl ({interpreter}), and the libraries to be preloaded are made for glibc: use a build of it for glibc.";
        }

        if (FileStatus.TryOf(interpreter) is null)
        {
            return $"asks for the loader {interpreter}, which does not exist.";
        }

        return SecureExecution.Reason(path, ProcessRights.Read())
            ?? (image.Dynamic is { } dynamic
                ? LibSslUse.Reason(image,
                    new NeededLibraries(path, dynamic, identity, new LoaderFolders(Environment.GetEnvironmentVariable("LD_LIBRARY_PATH"))))
                : null);
    }
}
