using System.Diagnostics;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Probe;

/// <summary>
/// Handshakes on two threads, TLS 1.2 and 1.3, full and resumed, closed in every way, while other threads attach,
/// detach, collect garbage and dispose of sessions.
/// </summary>
public sealed unsafe class Churn
{
    private readonly ChurnHandler _handler = new();
    private readonly TlsContext[] _servers = new TlsContext[2];
    private readonly TlsContext[] _clients = new TlsContext[2];
    private readonly int _handshakes;
    private int _begun;
    private int _resumed;
    private long _attachments;
    private Exception? _failure;

    private Churn(int handshakes)
    {
        _handshakes = handshakes;
        int[] versions = [LibSsl.TLS1_2_VERSION, LibSsl.TLS1_3_VERSION];
        for (int i = 0; i < versions.Length; i++)
        {
            _servers[i] = TlsContext.Server(versions[i]);
            _clients[i] = TlsContext.Client(versions[i]);
            Osr.osr_ctx_external_sessions(_servers[i].Pointer);
        }
    }

    private bool IsOver => Volatile.Read(ref _begun) >= _handshakes || Volatile.Read(ref _failure) is not null;

    public static ChurnResult Run(int handshakes)
    {
        LiveSessionCount.Start();
        long before = LiveSessionCount.Now;
        int collections = GC.CollectionCount(0);
        var clock = Stopwatch.StartNew();
        (int resumed, long attachments) = new Churn(handshakes).Go();
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return new ChurnResult(handshakes, resumed, attachments, GC.CollectionCount(0) - collections, LiveSessionCount.Now - before,
            clock.Elapsed.TotalSeconds);
    }

    private (int Resumed, long Attachments) Go()
    {
        Thread[] threads = [.. new[] { ShakeHands, ShakeHands, AttachAndDetach, CollectAndDispose }.Select(Start)];
        Array.ForEach(threads, static thread => thread.Join());
        _handler.DisposeSome(int.MaxValue);
        Array.ForEach(_servers, static server => server.Dispose());
        Array.ForEach(_clients, static client => client.Dispose());
        return _failure is null ? (_resumed, _attachments) : throw new InvalidOperationException("A handshake failed.", _failure);
    }

    private Thread Start(Action run)
    {
        var thread = new Thread(() =>
        {
            try
            {
                run();
            }
            catch (Exception exception)
            {
                Volatile.Write(ref _failure, exception);
            }

            LibCrypto.ERR_clear_error();
        });
        thread.Start();
        return thread;
    }

    private void ShakeHands()
    {
        while (!IsOver)
        {
            int number = Interlocked.Add(ref _begun, 2);
            int version = number / 2 % 2;
            using ClientSession session = Connect(version, null, number % 3 == 0 ? CloseKind.ServerFreed : CloseKind.Notify);
            Connect(version, session, (CloseKind)(number / 2 % 5)).Dispose();
        }
    }

    private ClientSession Connect(int version, ClientSession? offer, CloseKind how)
    {
        using var pair = new TlsPair(_servers[version], _clients[version], offer);
        pair.Connect();
        if (pair.Resumed)
        {
            Interlocked.Increment(ref _resumed);
        }

        ClientSession session = pair.TakeClientSession();
        pair.Close(how);
        return session;
    }

    private void AttachAndDetach()
    {
        while (!IsOver)
        {
            using (SessionCallbacks.Attach(_servers[0], _handler))
            using (SessionCallbacks.Attach(_servers[1], _handler))
            {
                _attachments += 2;
                AwaitHandshakes(1);
            }
        }
    }

    private void CollectAndDispose()
    {
        while (!IsOver)
        {
            _handler.DisposeSome(100);
            GC.Collect();
            AwaitHandshakes(10);
        }
    }

    private void AwaitHandshakes(int count)
    {
        int enough = Volatile.Read(ref _begun) + count;
        while (!IsOver && Volatile.Read(ref _begun) < enough)
        {
            Thread.Yield();
        }
    }
}

/// <summary>What <see cref="Churn.Run"/> did.</summary>
/// <param name="Handshakes">Connections made.</param>
/// <param name="Resumed">Of these.</param>
/// <param name="Attachments">How often a context was attached and detached.</param>
/// <param name="Collections">Of the garbage collector.</param>
/// <param name="Leaked">SSL_SESSIONs alive more than before.</param>
/// <param name="Seconds">How long it took.</param>
public sealed record ChurnResult(int Handshakes, int Resumed, long Attachments, int Collections, long Leaked, double Seconds);
