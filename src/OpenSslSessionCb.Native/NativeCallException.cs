namespace OpenSslSessionCb.Native;

/// <summary>A call that fails for a reason that has a status of its own. The message is the sentence that the caller sees.</summary>
internal sealed class NativeCallException(Status status, string message) : Exception(message)
{
    internal Status Status { get; } = status;
}
