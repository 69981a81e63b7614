using System.Diagnostics;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

/// <summary>For what happens on another thread and tells nobody: asked again and again, and given up after 10 s.</summary>
internal static class Eventually
{
    public static async Task True(Func<bool> condition, string what)
    {
        var since = Stopwatch.StartNew();
        while (!condition())
        {
            if (since.Elapsed > TimeSpan.FromSeconds(10))
            {
                Assert.Fail($"Not within 10 s: {what}.");
            }

            await Task.Delay(5);
        }
    }
}
