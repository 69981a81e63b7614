using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>For what happens on another thread and tells nobody: asked again and again, and given up after some minutes.</summary>
internal static class Eventually
{
    /// <summary>Enough for a machine that is busy with other things.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    public static async Task True(Func<bool> condition, string what)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            if (since.Elapsed > Patience)
            {
                Assert.Fail($"Not within {Patience.TotalSeconds} s: {what}.");
            }

            await Task.Delay(5);
        }
    }
}
