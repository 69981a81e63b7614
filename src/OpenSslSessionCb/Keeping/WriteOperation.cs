namespace OpenSslSessionCb;

/// <summary>One change for the store: a session to put, or, without a session, an id to remove.</summary>
/// <param name="Id">The session's id.</param>
/// <param name="IsolationContext">Where it may be resumed; for a removal it does not matter.</param>
/// <param name="Session">The session; the operation is one of its users until it is done or dropped. Null: remove.</param>
/// <param name="Fields">What the record says about it.</param>
internal readonly record struct WriteOperation(SslSessionId Id, byte[] IsolationContext, SessionPrototype? Session, RecordFields Fields);
