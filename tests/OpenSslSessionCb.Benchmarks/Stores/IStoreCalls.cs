namespace OpenSslSessionCb.Benchmarks;

/// <summary>A store's calls, over numbered records. One contender is the store, the other what it is built on.</summary>
internal interface IStoreCalls : IAsyncDisposable
{
    ValueTask PutAsync(int number);

    ValueTask<byte[]?> GetAsync(int number);

    ValueTask<byte[]?> TakeAsync(int number);
}
