using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>A secret that the garbage collector never moves, so that no copy stays behind, and that is zeroed at the end.</summary>
/// <remarks>
/// Zeroed by <see cref="Dispose"/>, which is for those whom nobody else can be using, or else by the finalizer. Whoever
/// works on <see cref="Span"/> calls <see cref="GC.KeepAlive"/> on this object when done: the span keeps the array
/// alive and not this object, and the finalizer would zero what is in use.
/// </remarks>
internal sealed class SecretBytes(int length) : IDisposable
{
    private readonly byte[] _bytes = GC.AllocateArray<byte>(length, pinned: true);

    ~SecretBytes() => CryptographicOperations.ZeroMemory(_bytes);

    internal Span<byte> Span => _bytes;

    internal static bool AreEqual(SecretBytes left, SecretBytes right)
    {
        bool equal = CryptographicOperations.FixedTimeEquals(left._bytes, right._bytes);
        GC.KeepAlive(left);
        GC.KeepAlive(right);
        return equal;
    }

    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(_bytes);
        GC.SuppressFinalize(this);
    }
}
