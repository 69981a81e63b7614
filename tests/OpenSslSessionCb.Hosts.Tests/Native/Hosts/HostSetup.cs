using System.Security.Cryptography;
using OpenSslSessionCb.Hosts.Tests.Support;

namespace OpenSslSessionCb.Hosts.Tests.Native;

/// <summary>What the servers of one farm share: certificate, key file, store, and for those that are preloaded, the environment.</summary>
/// <remarks>
/// As an administrator does it for servers with users of their own: root's, and readable (the store: writable) for a group.
/// </remarks>
internal sealed class HostSetup : IDisposable
{
    internal const string Farm = "example";

    private HostSetup(TemporaryFolder folder, string certificate, string key)
    {
        Folder = folder;
        Certificate = certificate;
        Key = key;
        Store = "sqlite:" + RunFolder + "/sessions.db";
    }

    /// <summary>Whom workers of servers that start as root become.</summary>
    internal static string User => Environment.IsPrivilegedProcess ? "www-data" : Environment.UserName;

    internal TemporaryFolder Folder { get; }

    /// <summary>Where workers may write.</summary>
    internal string RunFolder => Folder["run"];

    internal string Certificate { get; }

    internal string Key { get; }

    internal string KeyFile => Folder["farm.key"];

    internal string Log => Folder["osscb.log"];

    internal string Store { get; private init; }

    /// <summary>The CA that client certificates must come from; null: clients are not asked for any.</summary>
    internal string? ClientCa { get; private init; }

    /// <summary>What it serves beside its first certificate.</summary>
    internal IReadOnlyList<HostSite> Sites { get; private init; } = [];

    /// <summary>Whether the library is there at all: the baseline has none.</summary>
    internal bool IsPreloaded { get; private init; } = true;

    /// <summary>For a server that is preloaded.</summary>
    internal IReadOnlyDictionary<string, string> Preloaded => !IsPreloaded ? new Dictionary<string, string>() : new()
    {
        ["LD_PRELOAD"] = NativeLibraries.Preload,
        ["OSSCB_STORE"] = Store,
        ["OSSCB_KEY_FILE"] = KeyFile,
        ["OSSCB_FARM"] = Farm,
        ["OSSCB_DEADLINE_MS"] = "500",
        ["OSSCB_LOG"] = Log,
    };

    internal static async Task<HostSetup> MakeAsync()
    {
        var folder = new TemporaryFolder();
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(folder, "server");
        var setup = new HostSetup(folder, certificate, key);
        Directory.CreateDirectory(setup.RunFolder);
        folder.Write("farm.key", $"index {RandomKey()}\nkey {RandomKey()}\n");
        folder.Write("run/sessions.db", "");
        folder.Write("osscb.log", "");
        if (Environment.IsPrivilegedProcess)
        {
            ProcessResult result = await ChildProcess.RunAsync(
                "chgrp", [User, folder.Root, setup.RunFolder, folder["run/sessions.db"], setup.Log, setup.KeyFile]);
            Assert.That(result.ExitCode, Is.Zero, result.All);
        }

        const UnixFileMode Owners = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        const UnixFileMode Groups = UnixFileMode.GroupRead | UnixFileMode.GroupWrite;
        const UnixFileMode Folders = Owners | UnixFileMode.UserExecute | UnixFileMode.GroupExecute;
        File.SetUnixFileMode(folder.Root, Folders | UnixFileMode.OtherExecute);
        File.SetUnixFileMode(setup.RunFolder, Folders | Groups | UnixFileMode.SetGroup);
        File.SetUnixFileMode(folder["run/sessions.db"], Owners | Groups);
        File.SetUnixFileMode(setup.Log, Owners | Groups);
        File.SetUnixFileMode(setup.KeyFile, Environment.IsPrivilegedProcess ? Owners | UnixFileMode.GroupRead : Owners);
        return setup;
    }

    /// <summary>The same farm, set up otherwise.</summary>
    internal HostSetup With(
        string? store = null, string? clientCa = null, bool isPreloaded = true, IReadOnlyList<HostSite>? sites = null) =>
        new(Folder, Certificate, Key)
        {
            Store = store ?? Store,
            ClientCa = clientCa ?? ClientCa,
            IsPreloaded = isPreloaded,
            Sites = sites ?? Sites,
        };

    /// <summary>A site with a new certificate.</summary>
    internal async Task<HostSite> MakeSiteAsync(string name)
    {
        (string certificate, string key) = await OpenSslClient.MakeCertificateAsync(Folder, name);
        return new HostSite(name, certificate, key);
    }

    public void Dispose() => Folder.Dispose();

    private static string RandomKey() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
}
