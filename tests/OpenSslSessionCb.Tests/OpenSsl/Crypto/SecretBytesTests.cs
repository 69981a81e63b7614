using System.Runtime.CompilerServices;
using NUnit.Framework;

namespace OpenSslSessionCb.Tests;

public sealed class SecretBytesTests
{
    [Test]
    public void Dispose_SecretInside_Zeroed()
    {
        var secret = new SecretBytes(32);
        secret.Span.Fill(0xAB);
        byte[] array = ArrayOf(secret);

        secret.Dispose();

        Assert.That(array, Is.All.Zero);
    }

    [Test]
    public void Finalizer_NobodyHoldsTheSecret_Zeroed()
    {
        byte[] array = ForgetSecret();

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.That(array, Is.All.Zero);
    }

    [Test]
    public void ToString_SecretInside_DoesNotShowIt()
    {
        using var secret = new SecretBytes(32);
        secret.Span.Fill(0xAB);

        Assert.That(secret.ToString(), Is.EqualTo(typeof(SecretBytes).FullName));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static byte[] ForgetSecret()
    {
        var secret = new SecretBytes(32);
        secret.Span.Fill(0xAB);
        byte[] array = ArrayOf(secret);
        Assert.That(array, Is.All.EqualTo(0xAB));
        GC.KeepAlive(secret);
        return array;
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_bytes")]
    private static extern ref byte[] ArrayOf(SecretBytes secret);
}
