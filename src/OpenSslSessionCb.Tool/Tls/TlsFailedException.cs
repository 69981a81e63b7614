namespace OpenSslSessionCb.Tool.Tls;

/// <summary>A connection ended where it should not have. The message is libssl's reason.</summary>
internal sealed class TlsFailedException(string reason) : Exception(reason);
