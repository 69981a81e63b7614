using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace OpenSslSessionCb;

/// <summary>The keys that seal session records in a store, and a key that names them there. One ring for a whole farm.</summary>
/// <remarks>
/// <para>
/// The file is text, <c>#</c> begins a comment, and every key is 64 hex digits: one <c>index</c> line names records in the store and
/// stays when keys rotate; of one or more <c>key</c> lines the first seals, and every one opens; at most one <c>next</c>
/// line opens too, and will seal after the next rotation. See docs/sealing.md.
/// </para>
/// <para>
/// Every member may be called from any thread, and from several processes on one file. Keys are kept in memory that is
/// never moved, appear in no message and in no ToString, and are zeroed once no operation uses them any more.
/// </para>
/// </remarks>
public sealed class SessionKeyRing : IDisposable
{
    private const int FewestKept = 2;
    private const int MostKept = 100;

    private readonly Lock _reloading = new();
    private readonly string? _path;
    private volatile KeyRingSnapshot? _snapshot;

    private SessionKeyRing(string? path, KeyRingEntries entries)
    {
        _path = path;
        _snapshot = new KeyRingSnapshot(entries);
    }

    /// <summary>How many keys open records now, the next one among them; 1 or more.</summary>
    /// <exception cref="ObjectDisposedException">The ring is disposed of.</exception>
    public int KeyCount => Snapshot.Keys.Length;

    /// <summary>Another one with each index key: what was at hand under an earlier one is not to be used any more.</summary>
    internal long IndexNumber => _snapshot?.IndexNumber ?? -1;

    /// <summary>The keys of this moment: taken once for each operation.</summary>
    internal KeyRingSnapshot Snapshot => _snapshot ?? throw new ObjectDisposedException(nameof(SessionKeyRing));

    /// <summary>Opens the ring of a file that exists.</summary>
    /// <param name="path">The file: at most 64 KiB, of this user or root, and with mode 0600 or less (Unix; elsewhere not checked).</param>
    /// <exception cref="SessionKeyRingException">The file is missing, unsafe or malformed; the message says what to do.</exception>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    public static SessionKeyRing Open(string path)
    {
        path = FullPath(path);
        return new SessionKeyRing(path, KeyRingFile.Read(path));
    }

    /// <summary>Opens the ring of a file; if there is none, creates it first, with an index, a key and a next key.</summary>
    /// <remarks>Processes of one machine may do this at the same time: all open the same ring. A farm's other nodes need a copy.</remarks>
    /// <inheritdoc cref="Open"/>
    public static SessionKeyRing OpenOrCreate(string path)
    {
        path = FullPath(path);
        if (!Path.Exists(path))
        {
            KeyRingWriter.CreateIfAbsent(path);
        }

        return Open(path);
    }

    /// <summary>Makes a ring with one key that lives in this process only, and whose records nobody else can open.</summary>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    public static SessionKeyRing Generate() => new(path: null, KeyRingEntries.Create(withNext: false));

    /// <summary>
    /// Lets the file's next key be the first, which seals, and puts a fresh one next, which only opens: a key that comes to seal
    /// was in the file for one rotation already. A file without a next key gets one, and its first key stays.
    /// </summary>
    /// <remarks>
    /// In a farm, do this on one node, copy the file to all others, have each call <see cref="Reload"/>, and do not rotate again
    /// before that is done. Then no node meets a key that it does not know, in whatever order they are reached. The file is
    /// replaced in one step and written anew: comments of your own are lost. Not for a ring that has leaked, because the next key
    /// has leaked with it: make a new file.
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="keep">How many keys stay, from the one that seals to the oldest, the next one not counted: 2 to 100. What older keys
    /// sealed is lost.</param>
    /// <exception cref="SessionKeyRingException">The file is missing, unsafe or malformed, or cannot be written; the
    /// message says what to do.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="keep"/> is.</exception>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    public static void Rotate(string path, int keep = 3)
    {
        path = FullPath(path);

        // With one key kept, nodes that are not reached yet would seal what those that are cannot open.
        ArgumentOutOfRangeException.ThrowIfLessThan(keep, FewestKept);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(keep, MostKept);
        using KeyRingEntries before = KeyRingFile.Read(path);
        using KeyRingEntries after = before.Rotate(keep);
        KeyRingWriter.Replace(path, after);
    }

    /// <summary>
    /// Reads the file again, and uses its keys from now on if they are others. Operations under way end with the old ones.
    /// </summary>
    /// <returns>Whether the keys changed; always false for a ring of <see cref="Generate"/>.</returns>
    /// <exception cref="SessionKeyRingException">The file is missing, unsafe or malformed; the keys stay as they were.</exception>
    /// <exception cref="ObjectDisposedException">The ring is disposed of.</exception>
    /// <exception cref="OpenSslException">libcrypto failed; the keys stay as they were.</exception>
    public bool Reload()
    {
        lock (_reloading)
        {
            KeyRingSnapshot current = Snapshot;
            if (_path is null)
            {
                return false;
            }

            var read = new KeyRingSnapshot(KeyRingFile.Read(_path));
            if (read.IsSameAs(current))
            {
                return false;
            }

            read.Follow(current);
            _snapshot = read;
            return true;
        }
    }

    /// <summary>
    /// Calls <see cref="Reload"/> again and again, so that rotated keys come into use without a restart. A file that is refused leaves
    /// the keys as they were, and the log says why, once.
    /// </summary>
    /// <param name="interval">How often. 1 second to 1 day.</param>
    /// <param name="logger">Null: nothing is logged.</param>
    /// <param name="time">Null: the system's clock.</param>
    /// <returns>Disposing of it ends that; so does disposing of the ring.</returns>
    /// <exception cref="ArgumentException"><paramref name="interval"/> is out of range.</exception>
    public IDisposable ReloadEvery(TimeSpan interval, ILogger? logger = null, TimeProvider? time = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(interval, TimeSpan.FromSeconds(1));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(interval, TimeSpan.FromDays(1));
        return new KeyFileReloader(this, interval, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
    }

    /// <summary>Lets the keys go; they are zeroed when no operation uses them any more. Calling it again does nothing.</summary>
    public void Dispose()
    {
        lock (_reloading)
        {
            _snapshot = null;
        }
    }

    private static string FullPath(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return Path.GetFullPath(path);
    }
}
