namespace OpenSslSessionCb.Hosts.Tests.Adversary;

/// <summary>
/// For each way of verifying clients: a demand that two clients meet, a stricter one that only the honest one of them meets, and those
/// two.
/// </summary>
internal sealed class Demands
{
    private readonly TemporaryFolder _folder;
    private readonly ClientAuthority _ours;
    private readonly ClientAuthority _other;

    private Demands(TemporaryFolder folder)
    {
        _folder = folder;
        _ours = ClientAuthority.Make(folder, "ours");
        _other = ClientAuthority.Make(folder, "other");
        Honest = _ours.Issue("honest");
    }

    /// <summary>Whom both demands let in.</summary>
    internal AdversaryClient Honest { get; }

    /// <summary>Whom the laxer one lets in alone.</summary>
    internal AdversaryClient Rogue { get; private set; } = null!;

    internal Verification Lax { get; private set; } = null!;

    internal Verification Strict { get; private set; } = null!;

    /// <param name="folder">For certificates.</param>
    /// <param name="method">As in <see cref="OtherClientTests"/>.</param>
    internal static async Task<Demands> MakeAsync(TemporaryFolder folder, string method)
    {
        var demands = new Demands(folder);
        await demands.SetAsync(method);
        return demands;
    }

    private async Task SetAsync(string method)
    {
        var ours = new Verification { CaFile = _ours.File };
        (Rogue, Lax, Strict) = method switch
        {
            "CA file" => (_other.Issue("rogue"), ours with { CaFile = BothFile() }, ours),
            "CA path" => (_other.Issue("rogue"), new Verification { CaPath = await HashAsync("both", _ours, _other) },
                new Verification { CaPath = await HashAsync("one", _ours) }),
            "CA store" => (_other.Issue("rogue"), new Verification { CaStore = BothFile() }, new Verification { CaStore = _ours.File }),
            "depth" => (_ours.MakeIntermediate("between").Issue("rogue", sendsIssuer: true), ours with { Depth = 2 },
                ours with { Depth = 0 }),
            "time" => (_ours.Issue("rogue", until: DateTimeOffset.UtcNow.AddMinutes(-10)),
                ours with { Time = DateTimeOffset.UtcNow.AddMinutes(-30) }, ours),
            _ => (_ours.Issue("rogue"), ours, ours),
        };
        Strict = method switch
        {
            "CRL" => Strict with { CrlFile = _ours.Revoke(Rogue) },
            "e-mail" => Strict with { Email = AdversaryClient.EmailOf(Honest.Name) },
            "host name" => Strict with { HostName = AdversaryClient.HostNameOf(Honest.Name) },
            "connection's e-mail" => Strict with { ConnectionsEmail = AdversaryClient.EmailOf(Honest.Name) },
            "verify callback" => Strict with { RefusedByCallback = Rogue.Name },
            "verifier" => Strict with { RefusedByVerifier = Rogue.Name },
            _ => Strict,
        };
    }

    /// <summary>The same trust, said in another way; all of them accept <see cref="Honest"/>.</summary>
    internal async Task<Verification> SaidAsAsync(string way) => way switch
    {
        "CA file" => new Verification { CaFile = _ours.File },
        "CA files" => new Verification { CaFile = BothFile() },
        "CA path" => new Verification { CaPath = await HashAsync("one", _ours) },
        "CRL" => new Verification { CaFile = _ours.File, CrlFile = _ours.Revoke(null) },
        "e-mail" => new Verification { CaFile = _ours.File, Email = AdversaryClient.EmailOf(Honest.Name) },
        "depth" => new Verification { CaFile = _ours.File, Depth = 2 },
        _ => throw new ArgumentOutOfRangeException(nameof(way), way, null),
    };

    private string BothFile() => _folder.Write("both.crt", _ours.Pem + _other.Pem);

    private async Task<string> HashAsync(string name, params ClientAuthority[] authorities)
    {
        string folder = Directory.CreateDirectory(_folder[name]).FullName;
        foreach (ClientAuthority authority in authorities)
        {
            _folder.Write(Path.Combine(name, Path.GetFileName(authority.File)), authority.Pem);
        }

        ProcessResult result = await ChildProcess.RunAsync("openssl", ["rehash", folder]);
        Assert.That(result.ExitCode, Is.Zero, result.All);
        return folder;
    }
}
