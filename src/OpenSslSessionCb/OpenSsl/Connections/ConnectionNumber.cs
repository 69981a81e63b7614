using System.Runtime.InteropServices;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb;

/// <summary>A number that each connection carries, in an ex_data slot of ours on SSL; 0 on those that were given none.</summary>
/// <remarks>
/// A number and not a pointer: what it stands for may go before the connection does, and so there is nothing that must be freed with it.
/// A class, because the default of a struct would be slot 0, which is the host's.
/// </remarks>
/// <seealso href="https://docs.openssl.org/master/man3/CRYPTO_get_ex_new_index/"/>
internal sealed unsafe class ConnectionNumber
{
    private ConnectionNumber(int index) => Index = index;

    /// <summary>Of the slot.</summary>
    internal int Index { get; }

    /// <summary>Takes a slot, which is never given back: once in a process for each use.</summary>
    /// <param name="free">
    /// CRYPTO_EX_free: called with the number for every SSL that is freed, on the thread that frees it, which may be the finalizer's. From
    /// 3.2 on little of the connection is left by then. Null: nobody.
    /// </param>
    /// <exception cref="OpenSslException">libcrypto failed.</exception>
    internal static ConnectionNumber Register(
        delegate* unmanaged[Cdecl]<void*, void*, CRYPTO_EX_DATA*, int, CLong, void*, void> free = null)
    {
        using ErrorMark mark = ErrorMark.Set();
        int index = LibSsl.SSL_get_ex_new_index(default, null, null, null, free);
        OpenSslException.ThrowIfFailed(index, mark, nameof(LibSsl.SSL_get_ex_new_index));
        if (free is not null)
        {
            // libssl may free connections until the very end of the process, when managed code cannot run any more. From then on libcrypto
            // calls a function of its own that does nothing.
            AppDomain.CurrentDomain.ProcessExit += (_, _) => _ = LibCrypto.CRYPTO_free_ex_index(LibCrypto.CRYPTO_EX_INDEX_SSL, index);
        }

        return new ConnectionNumber(index);
    }

    internal nint Of(SSL* ssl) => (nint)LibSsl.SSL_get_ex_data(ssl, Index);

    /// <summary>False when memory is short. libcrypto has an error in its queue then.</summary>
    internal bool TrySet(SSL* ssl, nint number) => LibSsl.SSL_set_ex_data(ssl, Index, (void*)number) == 1;

    /// <exception cref="OpenSslException">Memory is short.</exception>
    internal void Set(SSL* ssl, nint number)
    {
        using ErrorMark mark = ErrorMark.Set();
        OpenSslException.ThrowIfFailed(LibSsl.SSL_set_ex_data(ssl, Index, (void*)number), mark);
    }
}
