using OpenSslSessionCb.Interop;
using OpenSslSessionCb.Reference;

namespace OpenSslSessionCb.Benchmarks;

/// <summary>The three callbacks in C over a hash table.</summary>
internal sealed unsafe class ReferenceContender : Contender
{
    // As many buckets as there will be sessions, so that it does not grow slower as they come.
    private readonly ReferenceCache _cache = new(buckets: 1 << 16);

    internal ReferenceContender(CallbackCase which)
        : base(which)
    {
        Osr.osr_ctx_external_sessions(Server.Pointer);
        _ = LibSsl.SSL_CTX_set_num_tickets(Server.Pointer, (nuint)new SessionCacheOptions().Tickets);
        _cache.Attach(Server);
    }

    protected override bool IsIdle => true;

    public override void Dispose()
    {
        base.Dispose();
        _cache.Dispose();
    }
}
