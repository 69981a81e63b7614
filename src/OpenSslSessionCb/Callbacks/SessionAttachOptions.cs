using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb;

/// <summary>How a handler is attached to a context.</summary>
public sealed record SessionAttachOptions
{
    /// <summary>Which callbacks to take. The others are left as they are.</summary>
    public SessionCallbackKinds Kinds { get; init; } = SessionCallbackKinds.All;

    /// <summary>
    /// Whether callbacks that another component had set are called too: after the handler; its get callback
    /// only when the handler found nothing. False replaces them until the attachment is disposed of.
    /// </summary>
    public bool Chain { get; init; } = true;

    /// <summary>Where exceptions of the handler are logged, at most once per callback and minute; null: nowhere.</summary>
    public ILogger? Logger { get; init; }

    /// <summary>Called with the context while it is detached from and certainly alive; not called when libssl has freed it.</summary>
    internal Action<nint>? Detaching { get; init; }
}
