using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>Attaching and detaching while other threads shake hands on the context.</summary>
[TestFixture(TlsProtocolVersion.Tls12)]
[TestFixture(TlsProtocolVersion.Tls13)]
public sealed unsafe class DetachInFlightTests(TlsProtocolVersion version) : LeakCheckedTests
{
    private const int Threads = 3;
    private const int Rounds = 3000;
    private const int MinHandshakes = 100;

    [Test]
    public void Detach_HandshakesInFlight_AllSucceedAndNothingCrashes([Values] bool somethingWasSet)
    {
        using var scene = new TlsScene(version);
        using var earlier = new ReferenceCache();
        if (somethingWasSet)
        {
            earlier.Attach(scene.Server);
        }

        var handler = new KeepingHandler();
        bool enough = false;
        int shaken = 0;
        int resumed = 0;
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(_ => new Thread(ShakeHands))];
        Array.ForEach(threads, static thread => thread.Start());

        // On one machine the rounds take long, on another the handshakes do: both shall have been many.
        for (int i = 0; i < Rounds || (Volatile.Read(ref shaken) <= MinHandshakes && failures.Count == 0); i++)
        {
            using SessionAttachment attachment = SessionCallbacks.Attach(scene.Server, handler);
            Thread.SpinWait(100);
            if (i % 16 == 0)
            {
                Thread.Yield();
            }

            Assert.That(attachment.FailureCount, Is.Zero);
        }

        Volatile.Write(ref enough, true);
        Array.ForEach(threads, static thread => thread.Join());
        TestContext.Out.WriteLine($"{Rounds} times attached and detached, {shaken} pairs of handshakes, {resumed} resumed");
        Assert.That(failures, Is.Empty);
        Assert.That((shaken > MinHandshakes, resumed > 0), Is.EqualTo((true, true)), "handshakes went on meanwhile");

        void ShakeHands()
        {
            try
            {
                while (!Volatile.Read(ref enough))
                {
                    int i = Interlocked.Increment(ref shaken);
                    using ClientSession session = scene.Connect(how: i % 3 == 0 ? CloseKind.ServerFreed : CloseKind.Notify);
                    if (scene.Resumes(session))
                    {
                        Interlocked.Increment(ref resumed);
                    }
                }
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
            finally
            {
                LibCrypto.ERR_clear_error();
            }
        }
    }
}
