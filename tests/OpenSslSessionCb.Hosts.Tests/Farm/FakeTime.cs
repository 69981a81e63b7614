using System.Globalization;

namespace OpenSslSessionCb.Hosts.Tests.Farm;

/// <summary>libfaketime, which gives a process another clock: .NET and libssl in it see the same one.</summary>
internal static class FakeTime
{
    /// <summary>
    /// What a process's environment needs for a clock that is ahead by this much. Where there is no libfaketime, the test is
    /// ignored, with the reason.
    /// </summary>
    internal static Dictionary<string, string> EnvironmentOrIgnore(TimeSpan ahead)
    {
        string? library = Directory.EnumerateDirectories("/usr/lib")
            .Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists);
        if (library is null)
        {
            const string Reason = "libfaketime is not installed. Install it with: sudo apt-get install libfaketime";
            TestContext.Progress.WriteLine($"Left out: {TestContext.CurrentContext.Test.FullName}: {Reason}");
            Assert.Ignore(Reason);
        }

        return new Dictionary<string, string>
        {
            ["LD_PRELOAD"] = library!,
            ["FAKETIME"] = ahead.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture),
            // What waits goes by this one, and is to be left alone altogether: libfaketime's remedy for some systems prolongs waits.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
    }
}
