namespace OpenSslSessionCb;

/// <summary>A handler that also makes the ids of new sessions.</summary>
internal interface ISessionIdMaker
{
    /// <summary>Fills in the id of the session that this connection is about to make; false leaves it to chance.</summary>
    bool TryMakeId(SslRef ssl, Span<byte> id);
}
