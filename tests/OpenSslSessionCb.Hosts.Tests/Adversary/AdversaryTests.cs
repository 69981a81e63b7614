using OpenSslSessionCb.Hosts.Tests.Native;

namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// What attacks begin with. Each has its control: what the host does alone, or what it answers the same client in a full handshake.
/// With us it must be no worse.
/// </summary>
[Platform("Linux")]
[Category("Adversary")]
public abstract class AdversaryTests
{
    /// <summary>
    /// How often a session is offered until it is taken: it is written, processes start, and names are learnt in their own time.
    /// Counted, since some of these sessions are never taken.
    /// </summary>
    private const int MostOffers = 40;

    /// <summary>How often an attack is tried: the first time something may be slow by chance.</summary>
    private const int Attacks = 3;

    private readonly List<IDisposable> _running = [];

    private protected HostSetup Setup { get; private set; } = null!;

    [SetUp]
    public async Task MakeSetup()
    {
        NativeLibraries.RequireOrIgnore("gcc");
        Setup = await HostSetup.MakeAsync();
    }

    [TearDown]
    public void StopAll()
    {
        _running.ForEach(static running => running.Dispose());
        _running.Clear();
        Setup?.Dispose();
    }

    /// <summary>Ended after the test.</summary>
    private protected async Task<T> RunningAsync<T>(Task<T> starting)
        where T : IDisposable
    {
        T running = await starting;
        _running.Add(running);
        return running;
    }

    /// <summary>Gets a session, and leaves it in the file.</summary>
    private protected static async Task MakeSessionAsync(int port, string file, params string[] options)
    {
        Visit made = await Visit.ToAsync(port, [.. options, "-sess_out", file]);
        Assert.That((made.IsServed, made.IsResumed), Is.EqualTo((true, false)), made.All);
        Assert.That(file, Does.Exist, made.All);
    }

    /// <summary>Whether the session of the file comes to be taken; the client is served each time.</summary>
    private protected static async Task<bool> ComesToResumeAsync(int port, string file, params string[] options)
    {
        for (int offer = 0; offer < MostOffers; offer++)
        {
            Visit visit = await Visit.ToAsync(port, [.. options, "-sess_in", file]);
            Assert.That(visit.IsServed, Is.True, visit.All);
            if (visit.IsResumed)
            {
                return true;
            }

            await Task.Delay(20);
        }

        return false;
    }

    /// <summary>Offers the session of the file some times.</summary>
    private protected static async Task<Visit[]> OfferAsync(int port, string file, params string[] options)
    {
        var visits = new Visit[Attacks];
        for (int attack = 0; attack < Attacks; attack++)
        {
            visits[attack] = await Visit.ToAsync(port, [.. options, "-sess_in", file]);
        }

        return visits;
    }
}
