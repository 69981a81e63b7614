namespace OpenSslSessionCb;

/// <summary>The functions that libssl calls for as long as a context lives.</summary>
internal enum EntryPoint
{
    New,
    Get,
    Remove,
    GenerateId,
    FreeContext,
}
