namespace OpenSslSessionCb.Benchmarks;

/// <summary>What is asked of a store.</summary>
internal enum StoreCall
{
    Get,
    Put,
    Take,
}
