using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using OpenSslSessionCb.Setup;

namespace OpenSslSessionCb.Native;

/// <summary>One osscb_cache: a session cache, its keys, and the contexts that it is attached to.</summary>
internal sealed class NativeCache : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<nint, NativeCache> s_open = new();
    private static readonly TimeSpan s_keyFileInterval = TimeSpan.FromSeconds(10);
    private static long s_last;

    private readonly SessionKeyRing? _keyRing;
    private readonly IDisposable? _keyFileWatch;
    private readonly ConcurrentDictionary<nint, SessionCacheAttachment> _attachments = new();

    private NativeCache(SessionCache sessions, SessionKeyRing? keyRing, NativeLog? log)
    {
        Sessions = sessions;
        _keyRing = keyRing;
        _keyFileWatch = keyRing?.ReloadEvery(s_keyFileInterval, log);
    }

    internal SessionCache Sessions { get; }

    /// <param name="store">A store.</param>
    /// <param name="keyFile">Null: none was given.</param>
    /// <param name="farm">Null: the default.</param>
    /// <param name="deadlineMilliseconds">0: the default.</param>
    /// <param name="log">Null: nobody logs.</param>
    /// <param name="sharesWithoutCertificate">SessionCacheOptions.ShareSessionsWithoutClientCertificate.</param>
    /// <param name="settings">How the caller calls store, key file and farm.</param>
    internal static NativeCache Open(string store, string? keyFile, string? farm, int deadlineMilliseconds, NativeLog? log,
        bool sharesWithoutCertificate, in SettingNames settings)
    {
        StoreUri uri = StoreUri.Parse(store, settings.Store);
        if (deadlineMilliseconds is < 0 or > 1000)
        {
            throw new NativeCallException(
                Status.Argument, $"The deadline of {deadlineMilliseconds} ms is out of range: give 1 to 1000, or 0 for the default.");
        }

        if (farm is not null && SessionCacheOptions.ProblemOfFarm(farm) is { } problem)
        {
            throw new NativeCallException(Status.Argument, $"{settings.Farm} {problem}.");
        }

        keyFile = uri.KeyFile(keyFile, settings.KeyFile);
        SessionKeyRing? keyRing = null;
        ISessionStore? opened = null;
        try
        {
            keyRing = keyFile is null ? null : SessionKeyRing.OpenOrCreate(keyFile);
            SqliteLibrary.Resolve();
            opened = uri.Open();
            var options = new SessionCacheOptions { KeyRing = keyRing, LoggerFactory = log, Chain = false, LeavesHostData = true };
            options = options with { ShareSessionsWithoutClientCertificate = sharesWithoutCertificate };
            options = farm is null ? options : options with { Farm = farm };
            options = deadlineMilliseconds == 0
                ? options
                : options with { LookupDeadline = TimeSpan.FromMilliseconds(deadlineMilliseconds) };
            return new NativeCache(new SessionCache(opened, options), keyRing, log);
        }
        catch
        {
            // No store holds anything yet that closing it would lose.
            _ = opened?.DisposeAsync().AsTask();
            keyRing?.Dispose();
            throw;
        }
    }

    /// <summary>A store for a person to read, without the options, among which a password may be.</summary>
    internal static string NameOf(string store) => store.Split(',')[0];

    /// <summary>What C holds of it: not a pointer, which could be used after it was freed, but a number that is looked up.</summary>
    internal nint Register()
    {
        nint number = (nint)Interlocked.Increment(ref s_last);
        s_open[number] = this;
        return number;
    }

    /// <summary>Waits until everything that was announced is in its store, or for so long.</summary>
    [SuppressMessage("ApiDesign", "RS0030",
        Justification = "The host is in exit, on a thread that has nothing else to do, and waits for no more than its patience.")]
    internal static void FlushAll(TimeSpan patience)
    {
        long start = Environment.TickCount64;
        while (s_open.Values.Any(static cache => cache.Sessions.Statistics.Queued > 0)
            && Environment.TickCount64 - start < patience.TotalMilliseconds)
        {
            Thread.Sleep(1);
        }
    }

    internal static NativeCache Find(nint number) => s_open.TryGetValue(number, out NativeCache? cache) ? cache : throw Closed();

    internal static NativeCache Take(nint number) => s_open.TryRemove(number, out NativeCache? cache) ? cache : throw Closed();

    internal void Attach(nint sslCtx)
    {
        try
        {
            _attachments[sslCtx] = Sessions.Attach(sslCtx);
        }
        catch (InvalidOperationException exception)
        {
            throw new NativeCallException(Status.OpenSsl, exception.Message);
        }
    }

    internal void Detach(nint sslCtx)
    {
        if (!_attachments.TryRemove(sslCtx, out SessionCacheAttachment? attachment))
        {
            throw new NativeCallException(Status.Argument, "This SSL_CTX is not attached to this cache.");
        }

        attachment.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        _keyFileWatch?.Dispose();
        await Sessions.DisposeAsync();
        _keyRing?.Dispose();
    }

    private static NativeCallException Closed() =>
        new(Status.Argument, "This is no open cache: osscb_open did not make it, or osscb_close has closed it.");
}
