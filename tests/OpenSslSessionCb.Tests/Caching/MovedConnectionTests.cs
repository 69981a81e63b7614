using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using NUnit.Framework;
using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Tests;

/// <summary>A cache attached to contexts between which SNI moves connections.</summary>
public sealed unsafe class MovedConnectionTests : LeakCheckedTests
{
    [Test]
    public void Session_BegunBeforeItsConnectionWasMoved_IsNotKeptWhereNobodyCouldFindIt()
    {
        var cache = new SessionCache(new MemorySessionStore());
        using TlsContext first = TlsContext.Server(LibSsl.TLS1_2_VERSION);
        using TlsContext second = TlsContext.Server(LibSsl.TLS1_2_VERSION, rsa: true);
        using TlsContext client = TlsContext.Client(LibSsl.TLS1_2_VERSION);
        cache.Attach(first);
        cache.Attach(second);
        LibSsl.SSL_CTX_set_tlsext_servername_callback(first.Pointer, &Move);
        LibSsl.SSL_CTX_set_tlsext_servername_arg(first.Pointer, second.Pointer);
        using (var pair = new TlsPair(first, client))
        {
            pair.AskFor("second.example");
            pair.Connect();
            pair.Close();
        }

        Assert.That((cache.Statistics.New, cache.Statistics.NotKept), Is.EqualTo((1, 1)));
        cache.DisposeAsync().AsTask().GetAwaiter().GetResult();
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Move(SSL* ssl, int* alert, void* to)
    {
        LibSsl.SSL_set_SSL_CTX(ssl, (SSL_CTX*)to);
        return LibSsl.SSL_TLSEXT_ERR_OK;
    }
}
