using System.Globalization;
using System.Text;
using OpenSslSessionCb.Interop;

namespace OpenSslSessionCb.Tests;

/// <summary>
/// Does in C# what native/reference/session_cache.c does in C, and writes the same transcript
/// (native/reference/transcript.h).
/// </summary>
internal sealed unsafe class RecordingHandler : ISessionHandler
{
    private readonly Dictionary<SslSessionId, byte[]> _sessions = [];
    private readonly Dictionary<SslSessionId, string> _names = [];
    private readonly StringBuilder _transcript = new();

    public string Transcript => _transcript.ToString();

    public int Count => _sessions.Count;

    public void OnNew(SslRef ssl, SslSessionRef session)
    {
        _sessions[session.Id] = session.ToBytes();
        int inInit = LibSsl.SSL_in_init((SSL*)ssl.DangerousGetHandle());
        Write($"new {NameOf(session.Id, 's')} in_init={inInit} reused={(ssl.IsResumed ? 1 : 0)} version={(int)session.ProtocolVersion:x4}");
    }

    public SessionReply OnGet(SslRef ssl, SslSessionId id)
    {
        bool hit = _sessions.TryGetValue(id, out byte[]? encoded);
        Write($"get {NameOf(id, '?')} len={id.Length} {(hit ? "hit" : "miss")}");
        return hit ? SessionReply.Decode(encoded) : SessionReply.NotFound;
    }

    public void OnRemove(SslSessionRef session, SessionRemoveReason reason)
    {
        Write($"remove {NameOf(session.Id, '?')} resumable={(session.IsResumable ? 1 : 0)}");
        _sessions.Remove(session.Id);
    }

    private void Write(FormattableString line) => _transcript.Append(line.ToString(CultureInfo.InvariantCulture)).Append('\n');

    private string NameOf(SslSessionId id, char kind)
    {
        if (id.IsEmpty)
        {
            return "-";
        }

        if (!_names.TryGetValue(id, out string? name))
        {
            name = string.Create(CultureInfo.InvariantCulture, $"{kind}{_names.Count + 1}");
            _names.Add(id, name);
        }

        return name;
    }
}
