namespace OpenSslSessionCb;

/// <summary>Sessions into sealed records and back.</summary>
internal sealed class RecordCodec(RecordSealer sealer, TimeProvider clock)
{
    internal SessionStoreKey KeyOf(SslSessionId id) => sealer.DeriveKey(id);

    /// <summary>A record to put, or null: this libssl cannot encode the session.</summary>
    internal byte[]? Encode(SessionPrototype session, SessionStoreKey key, byte[] isolationContext, RecordFields fields)
    {
        using ErrorMark mark = ErrorMark.Set();
        int length = session.Borrow().MeasureEncoding();
        if (length is <= 0 or > SslSessionCodec.MaxEncodedLength)
        {
            return null;
        }

        byte[] record = sealer.CreateRecord(SessionPayload.HeadLength(session.Maker, session.Client) + length);
        session.Borrow().Encode(SessionPayload.WriteHead(sealer.PayloadOf(record), isolationContext, session.Maker, session.Client));
        sealer.Seal(record, fields, key);
        return record;
    }

    /// <summary>Opens, decodes and believes nothing: the session must be the one that was asked for.</summary>
    /// <param name="record">What the store gave.</param>
    /// <param name="id">What it was asked for.</param>
    /// <param name="session">The caller is its first user; null when there is a problem.</param>
    /// <param name="isolationContext">Where the session may be resumed.</param>
    /// <param name="fields">What the record says of it.</param>
    internal RecordProblem TryDecode(
        byte[] record, SslSessionId id, out SessionPrototype? session, out byte[] isolationContext, out RecordFields fields)
    {
        session = null;
        isolationContext = [];
        fields = default;
        if (record.Length > SessionStoreRecord.MaxLength)
        {
            // Here too: the buffer is as long as the record.
            return RecordProblem.TooLong;
        }

        using ErrorMark mark = ErrorMark.Set();
        using var secret = new SecretBuffer(record.Length);
        RecordProblem problem = sealer.Open(record, KeyOf(id), clock.GetUtcNow(), secret.Span, out fields, out int length);
        if (problem != RecordProblem.None)
        {
            return problem;
        }

        if (!SessionPayload.TryRead(secret.Span[..length],
            out isolationContext, out SessionMaker maker, out ClientVerification? client, out ReadOnlySpan<byte> encoded))
        {
            return RecordProblem.NotARecord;
        }

        session = SessionPrototype.Decode(encoded, fields.Origin, maker, client);
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
