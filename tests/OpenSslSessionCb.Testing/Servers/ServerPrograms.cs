namespace OpenSslSessionCb.Testing;

/// <summary>Where the servers' programs are; a test that needs one that cannot be had is ignored, with the reason.</summary>
internal static class ServerPrograms
{
    public static string RedisOrIgnore() => OrIgnore(ServerProgram.Redis);

    public static string ValkeyOrIgnore() => OrIgnore(ServerProgram.Valkey);

    private static string OrIgnore(ServerProgram program)
    {
        if (program.Path is { } path)
        {
            return path;
        }

        // The console shows no reason of its own for a test that was left out.
        TestContext.Progress.WriteLine($"Left out: {TestContext.CurrentContext.Test.FullName}: {program.Reason}");
        Assert.Ignore(program.Reason);
        throw new InvalidOperationException(program.Reason);
    }
}
