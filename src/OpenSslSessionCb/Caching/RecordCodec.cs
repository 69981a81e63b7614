namespace OpenSslSessionCb;

/// <summary>Sessions into sealed records and back.</summary>
internal sealed class RecordCodec(RecordSealer sealer, TimeProvider clock)
{
    internal SessionStoreKey KeyOf(byte[] isolationContext, SslSessionId id) => sealer.DeriveKey(isolationContext, id);

    /// <summary>A record to put, or null: this libssl cannot encode the session.</summary>
    internal byte[]? Encode(SessionPrototype session, SessionStoreKey key, byte[] isolationContext, RecordFields fields)
    {
        using ErrorMark mark = ErrorMark.Set();
        int length = session.Borrow().MeasureEncoding();
        if (length is <= 0 or > SslSessionCodec.MaxEncodedLength)
        {
            return null;
        }

        byte[] record = sealer.CreateRecord(length);
        session.Borrow().Encode(sealer.PayloadOf(record));
        sealer.Seal(record, fields, key, isolationContext);
        return record;
    }

    /// <summary>Opens, decodes and believes nothing: the session must be the one that was asked for.</summary>
    internal RecordProblem TryDecode(
        byte[] record, SslSessionId id, byte[] isolationContext, out SessionPrototype? session, out RecordFields fields)
    {
        session = null;
        fields = default;
        if (record.Length > SessionStoreRecord.MaxLength)
        {
            // Here too: the buffer is as long as the record.
            return RecordProblem.TooLong;
        }

        using ErrorMark mark = ErrorMark.Set();
        using var secret = new SecretBuffer(record.Length);
        RecordProblem problem = sealer.Open(
            record, KeyOf(isolationContext, id), isolationContext, clock.GetUtcNow(), secret.Span, out fields, out int length);
        if (problem != RecordProblem.None)
        {
            return problem;
        }

        session = SessionPrototype.Decode(secret.Span[..length], fields.Origin);
        if (session is null)
        {
            // Sealed by one of us, so it is no forgery: most likely a cipher that this libssl was built without.
            return RecordProblem.Unreadable;
        }

        if (session.Borrow().Id != id || session.Borrow().ProtocolVersion != fields.ProtocolVersion)
        {
            session.ReleaseFirst();
            session = null;
            return RecordProblem.Forged;
        }

        return RecordProblem.None;
    }
}
