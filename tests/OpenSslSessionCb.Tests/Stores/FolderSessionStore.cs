using System.Buffers.Binary;

namespace OpenSslSessionCb.Tests.Stores;

/// <summary>The example of docs/stores.md: one file for each record, in a directory that processes may share.</summary>
internal sealed class FolderSessionStore(string directory, TimeProvider time) : ISessionStore
{
    private volatile bool _disposed;

    public SessionStoreTraits Traits => SessionStoreTraits.AtomicTake;

    public async ValueTask<byte[]?> GetAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return await ReadAsync(FileOf(key), cancellationToken);
    }

    public async ValueTask<byte[]?> TakeAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);

        // Of all processes that rename a file, one succeeds.
        string taken = FileOf(key) + "." + Guid.NewGuid().ToString("N");
        try
        {
            File.Move(FileOf(key), taken);
        }
        catch (FileNotFoundException)
        {
            return null;
        }

        byte[]? record = await ReadAsync(taken, cancellationToken);
        File.Delete(taken);
        return record;
    }

    public async ValueTask PutAsync(
        SessionStoreKey key, ReadOnlyMemory<byte> record, TimeSpan lifetime, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        byte[] content = new byte[sizeof(long) + record.Length];
        BinaryPrimitives.WriteInt64LittleEndian(content, (time.GetUtcNow() + lifetime).UtcTicks);
        record.CopyTo(content.AsMemory(sizeof(long)));

        // Written aside and moved into place, so that nobody ever reads half a record.
        string written = FileOf(key) + "." + Guid.NewGuid().ToString("N");
        await File.WriteAllBytesAsync(written, content, cancellationToken);
        File.Move(written, FileOf(key), overwrite: true);
    }

    public ValueTask RemoveAsync(SessionStoreKey key, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        File.Delete(FileOf(key));
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return ValueTask.CompletedTask;
    }

    private string FileOf(SessionStoreKey key) => Path.Combine(directory, key.ToHexString());

    private async Task<byte[]?> ReadAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            // Whoever can write to the directory may have put a file of any length there.
            await using FileStream stream = File.OpenRead(file);
            byte[] content = new byte[Math.Min(stream.Length, sizeof(long) + SessionStoreRecord.MaxLength + 1)];
            await stream.ReadExactlyAsync(content, cancellationToken);
            return BinaryPrimitives.ReadInt64LittleEndian(content) > time.GetUtcNow().UtcTicks ? content[sizeof(long)..] : null;
        }
        catch (FileNotFoundException)
        {
            return null;
        }
    }
}
