using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using OpenSslSessionCb.StoreContract;

namespace OpenSslSessionCb.Tests.Stores;

// All that the author of a store writes: see docs/stores.md.
[Platform(Exclude = "Win", Reason = "Windows does not rename a file that somebody reads.")]
public sealed class FolderSessionStoreTests : SessionStoreContract
{
    private readonly FakeTimeProvider _time = new();
    private string _directory = null!;

    protected override ValueTask<ISessionStore> CreateStoreAsync()
    {
        _directory = Directory.CreateTempSubdirectory("sesscb-").FullName;
        return new(new FolderSessionStore(_directory, _time));
    }

    protected override ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => new(new FolderSessionStore(_directory, _time));

    protected override Task LetPassAsync(TimeSpan time)
    {
        _time.Advance(time);
        return Task.CompletedTask;
    }

    protected override ValueTask DeleteStoreAsync()
    {
        Directory.Delete(_directory, recursive: true);
        return default;
    }
}
