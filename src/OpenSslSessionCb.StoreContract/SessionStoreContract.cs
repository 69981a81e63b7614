using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using NUnit.Framework;

namespace OpenSslSessionCb.StoreContract;

/// <summary>What every <see cref="ISessionStore"/> must do, as tests. Derive a fixture from it for each store.</summary>
/// <remarks>
/// Only <see cref="CreateStoreAsync"/> must be overridden. Each test has a store of its own, which is empty and
/// disposed after it. What a store does not claim or cannot do is reported as ignored, with the reason.
/// </remarks>
[TestFixture]
public abstract partial class SessionStoreContract
{
    /// <summary>A lifetime that does not end within a test.</summary>
    protected static readonly TimeSpan LongLifetime = TimeSpan.FromHours(2);

    /// <summary>The store of the running test.</summary>
    protected ISessionStore Store { get; private set; } = null!;

    /// <summary>
    /// The lifetime of records that a test wants to see ending; 2 seconds unless overridden. A store whose clock is
    /// coarse needs more; one with a clock that tests can move may take any.
    /// </summary>
    protected virtual TimeSpan ShortLifetime => TimeSpan.FromSeconds(2);

    /// <summary>
    /// The most records that a store from <see cref="CreateStoreAsync"/> holds; null, unless overridden, when it has no bound of
    /// its own.
    /// </summary>
    protected virtual int? MaxRecords => null;

    /// <summary>Makes an empty store. Called before each test; the fixture disposes it.</summary>
    protected abstract ValueTask<ISessionStore> CreateStoreAsync();

    /// <summary>
    /// Opens a second store over the same records as <paramref name="store"/>, as another process would; the test
    /// disposes it. Null, unless overridden, when the records cannot be shared.
    /// </summary>
    protected virtual ValueTask<ISessionStore?> OpenAnotherAsync(ISessionStore store) => default;

    /// <summary>Cleans up after a test, once its store is disposed. Does nothing unless overridden.</summary>
    protected virtual ValueTask DeleteStoreAsync() => default;

    /// <summary>Lets time go by for the store: waits, unless overridden to move a clock.</summary>
    protected virtual Task LetPassAsync(TimeSpan time) => Task.Delay(time);

    /// <summary>Makes <see cref="Store"/>.</summary>
    [SetUp]
    public async Task SetUpStoreAsync() => Store = await CreateStoreAsync();

    /// <summary>Disposes <see cref="Store"/>, and cleans up after it.</summary>
    [TearDown]
    public async Task TearDownStoreAsync()
    {
        if (Store is not null)
        {
            await Store.DisposeAsync();
            await DeleteStoreAsync();
        }
    }

    /// <summary>A key that is the same for the same number, and spread as real ones are.</summary>
    protected static SessionStoreKey Key(int number) => new(SHA256.HashData(BitConverter.GetBytes(number)));

    /// <summary>A record that is the same for the same number, and unlike that of any other number.</summary>
    [SuppressMessage("ApiDesign", "RS0030", Justification = "Not a secret: what must be the same in each run.")]
    protected static byte[] Record(int number, int length = 200)
    {
        byte[] record = new byte[length];
        new Random(number).NextBytes(record);
        return record;
    }

    private async Task<ISessionStore> OpenAnotherOrIgnoreAsync()
    {
        ISessionStore? another = await OpenAnotherAsync(Store);
        Assume(another is not null, "OpenAnotherAsync returned null: these records cannot be shared.");
        return another!;
    }

    private void IgnoreUnlessAtomicTake() =>
        Assume(Store.Traits.HasFlag(SessionStoreTraits.AtomicTake), "The store does not claim AtomicTake.");

    private static void Assume(bool condition, string otherwise)
    {
        if (!condition)
        {
            Assert.Ignore(otherwise);
        }
    }
}
