namespace OpenSslSessionCb.Testing;

/// <summary>Waits for what another process does in its own time.</summary>
internal static class Eventually
{
    internal static async Task IsTrueAsync(Func<Task<bool>> condition, string what)
    {
        DateTime end = DateTime.UtcNow + ChildProcess.Patience;
        while (!await condition())
        {
            Assert.That(DateTime.UtcNow, Is.LessThan(end), what);
            await Task.Delay(20);
        }
    }

    internal static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(() => Task.FromResult(condition()), what);
}
