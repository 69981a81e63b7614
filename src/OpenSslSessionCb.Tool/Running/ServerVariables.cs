namespace OpenSslSessionCb.Tool.Running;

/// <summary>The names of the environment variables that native/preload/settings.c reads.</summary>
internal static class ServerVariables
{
    internal const string Store = "OSSCB_STORE";
    internal const string KeyFile = "OSSCB_KEY_FILE";
    internal const string Farm = "OSSCB_FARM";
    internal const string Deadline = "OSSCB_DEADLINE_MS";
    internal const string Log = "OSSCB_LOG";
    internal const string LogLevel = "OSSCB_LOG_LEVEL";
    internal const string Children = "OSSCB_CHILDREN";
    internal const string Library = "OSSCB_LIBRARY";
    internal const string Preload = "LD_PRELOAD";
}
