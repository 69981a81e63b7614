using System.Buffers;
using System.Text.Json;

namespace OpenSslSessionCb.Tool.Serving;

/// <summary>Writes /stats: what the cache counts, where there is one, and what the server does.</summary>
internal static class StatisticsJson
{
    internal static ReadOnlyMemory<byte> Write(SessionCacheStatistics? cache, ServerCounters server)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            if (cache is not null)
            {
                WriteCache(json, cache);
            }

            json.WriteNumber("liveSessions", LiveSessions.Count);
            json.WriteNumber("connections", server.Connections);
            json.WriteNumber("openConnections", server.Open);
            json.WriteNumber("failedHandshakes", server.FailedHandshakes);
            json.WriteNumber("pid", Environment.ProcessId);
            json.WriteString("libssl", OpenSslLibrary.VersionText);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
        return output.WrittenMemory;
    }

    private static void WriteCache(Utf8JsonWriter json, SessionCacheStatistics cache)
    {
        json.WriteNumber("new", cache.New);
        json.WriteNumber("get", cache.Get);
        json.WriteNumber("hits", cache.Hits);
        json.WriteNumber("nearHits", cache.NearHits);
        json.WriteNumber("misses", cache.Misses);
        json.WriteNumber("late", cache.Late);
        json.WriteNumber("foreignIds", cache.ForeignIds);
        json.WriteBoolean("storeAway", cache.IsStoreAway);
        json.WriteNumber("removed", cache.Removed);
        json.WriteNumber("notKept", cache.NotKept);
        json.WriteNumber("rejected", cache.Rejected);
        json.WriteStartObject("rejectedByReason");
        foreach ((string reason, long count) in cache.RejectedByReason.Where(static entry => entry.Value > 0))
        {
            json.WriteNumber(JsonNamingPolicy.CamelCase.ConvertName(reason), count);
        }

        json.WriteEndObject();
        json.WriteNumber("errors", cache.Errors);
        json.WriteNumber("queued", cache.Queued);
        json.WriteNumber("dropped", cache.Dropped);
        json.WriteNumber("nearCacheCount", cache.NearCacheCount);
    }
}
