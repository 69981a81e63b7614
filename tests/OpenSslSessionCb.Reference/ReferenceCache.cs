using System.Text;

namespace OpenSslSessionCb.Reference;

/// <summary>The three callbacks in plain C over a hash table.</summary>
/// <param name="buckets">Of the hash table, which does not grow.</param>
public sealed unsafe class ReferenceCache(int buckets = 1024) : IDisposable
{
    private readonly void* _cache = Osr.osr_cache_new((nuint)buckets);

    /// <summary>What the callbacks did, line by line; the format is in native/reference/transcript.h.</summary>
    public string Transcript
    {
        get
        {
            var text = new byte[(int)Osr.osr_cache_transcript(_cache, null, 0) + 1];
            fixed (byte* buffer = text)
            {
                Osr.osr_cache_transcript(_cache, buffer, (nuint)text.Length);
            }

            return Encoding.ASCII.GetString(text, 0, text.Length - 1);
        }
    }

    public void Attach(TlsContext context) => Osr.osr_cache_attach(_cache, context.Pointer);

    public void Record() => Osr.osr_cache_record(_cache, 1);

    public static void Detach(TlsContext context) => Osr.osr_cache_detach(context.Pointer);

    public void Dispose() => Osr.osr_cache_free(_cache);
}
