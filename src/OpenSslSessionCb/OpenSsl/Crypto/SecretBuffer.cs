using System.Buffers;
using System.Security.Cryptography;

namespace OpenSslSessionCb;

/// <summary>Room for a secret, zeroed when it is done with.</summary>
internal readonly ref struct SecretBuffer
{
    private readonly byte[] _rented;

    internal SecretBuffer(int length)
    {
        _rented = ArrayPool<byte>.Shared.Rent(length);
        Span = _rented.AsSpan(0, length);
    }

    internal Span<byte> Span { get; }

    public void Dispose()
    {
        // Plain managed code: no OpenSSL of .NET's own comes in by it.
        CryptographicOperations.ZeroMemory(_rented);
        ArrayPool<byte>.Shared.Return(_rented);
    }
}
