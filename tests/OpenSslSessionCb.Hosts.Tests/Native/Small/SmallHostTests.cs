using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>What tests with small servers begin with.</summary>
[Platform("Linux")]
public abstract class SmallHostTests
{
    private const string Shared = "TLS sessions are shared by way of ";

    private protected HostSetup Setup { get; private set; } = null!;

    /// <summary>The lines of the log, the process ids left out; nothing while there is no file.</summary>
    private protected string[] Log => File.Exists(Setup.Log)
        ? [.. File.ReadLines(Setup.Log).Select(static line => line[(line.IndexOf(": ", StringComparison.Ordinal) + 2)..])]
        : [];

    private protected string[] LogOfTrouble => [.. Log.Where(static line => !line.StartsWith(Shared, StringComparison.Ordinal))];

    private protected int SharingProcesses => Log.Count(static line => line.StartsWith(Shared, StringComparison.Ordinal));

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore("gcc");
        Setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void DeleteFolder() => Setup?.Dispose();

    private protected static void RequireRoot()
    {
        if (!Environment.IsPrivilegedProcess)
        {
            Assert.Ignore("This needs root.");
        }
    }
}
