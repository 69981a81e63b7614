namespace OpenSslSessionCb.Native;

/// <summary>How the settings are called where a person has to correct one.</summary>
internal readonly record struct SettingNames(string Store, string KeyFile, string Farm)
{
    /// <summary>Of osscb_open.</summary>
    internal static SettingNames OfArguments { get; } = new("The store", "a key file", "The farm");

    /// <summary>Of the environment of a server with the preloaded library.</summary>
    internal static SettingNames OfVariables { get; } = new("OSSCB_STORE", "OSSCB_KEY_FILE", "OSSCB_FARM");
}
