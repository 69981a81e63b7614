using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace OpenSslSessionCb;

/// <summary>
/// Says which store a hosted session cache has. The store packages add their own <c>Use…</c> methods to it, so that an app
/// refers to the store that it uses and to no other.
/// </summary>
/// <remarks>It is made, and read when the host starts, by <c>AddOpenSslSessionCache</c> of OpenSslSessionCb.AspNetCore.</remarks>
/// <param name="services">The services of the app.</param>
public sealed class SessionCacheBuilder(IServiceCollection services)
{
    /// <summary>The services of the app.</summary>
    public IServiceCollection Services { get; } = services;

    /// <summary>Makes the store, once, when the host starts; null: none was chosen.</summary>
    public Func<IServiceProvider, ISessionStore>? Store { get; private set; }

    /// <summary>Says which contexts of the process take part; null: all. See <see cref="ProcessAttachOptions.Filter"/>.</summary>
    public Func<ProcessContextCandidate, bool>? Filter { get; private set; }

    /// <summary>
    /// The intermediates of clients' certificates that the app's chain policy knows. See
    /// <see cref="ProcessAttachOptions.ClientIntermediates"/>.
    /// </summary>
    public IReadOnlyCollection<ReadOnlyMemory<byte>> ClientIntermediates { get; private set; } = [];

    /// <summary>Says whether a session with a client certificate may be resumed; null: all may. See
    /// <see cref="SessionCacheOptions.MayResume"/>.</summary>
    public ResumptionFilter? MayResume { get; private set; }

    /// <summary>The store is the one that this makes. The cache disposes of it. The last choice counts.</summary>
    /// <param name="store">Called once, when the host starts. What it throws stops the start.</param>
    /// <returns>This builder.</returns>
    public SessionCacheBuilder UseStore(Func<IServiceProvider, ISessionStore> store)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        return this;
    }

    /// <summary>The store is this process's memory: its endpoints share with each other, and with no other process.</summary>
    /// <param name="options">The bounds; the defaults when null.</param>
    /// <returns>This builder.</returns>
    public SessionCacheBuilder UseMemory(MemorySessionStoreOptions? options = null) => UseStore(_ => new MemorySessionStore(options));

    /// <summary>
    /// The app's chain policy knows these intermediates, so that sessions of clients whose certificates hang by them resume on every
    /// node. The last choice counts. See <see cref="ProcessAttachOptions.ClientIntermediates"/>.
    /// </summary>
    /// <param name="certificates">Copied now.</param>
    /// <returns>This builder.</returns>
    public SessionCacheBuilder UseClientIntermediates(IEnumerable<X509Certificate2> certificates)
    {
        ArgumentNullException.ThrowIfNull(certificates);
        ClientIntermediates = [.. certificates.Select(static certificate => (ReadOnlyMemory<byte>)certificate.RawData)];
        return this;
    }

    /// <summary>Only sessions with a client certificate that this lets through are resumed. The last choice counts.</summary>
    /// <param name="mayResume">
    /// Asked on libssl's thread, on many at once: it looks into memory and comes back at once. An exception counts as false.
    /// </param>
    /// <returns>This builder.</returns>
    public SessionCacheBuilder UseResumptionFilter(ResumptionFilter mayResume)
    {
        ArgumentNullException.ThrowIfNull(mayResume);
        MayResume = mayResume;
        return this;
    }

    /// <summary>Only the server contexts that this lets in take part. The last choice counts.</summary>
    /// <param name="filter">Asked once for each context, at its first ClientHello. An exception counts as false.</param>
    /// <returns>This builder.</returns>
    public SessionCacheBuilder UseFilter(Func<ProcessContextCandidate, bool> filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        Filter = filter;
        return this;
    }
}
