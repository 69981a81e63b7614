namespace OpenSslSessionCb;

/// <summary>Gathers the keys of a file, line by line, and refuses what does not make a ring.</summary>
internal sealed class KeyRingLines(string path) : IDisposable
{
    private readonly List<(int Line, SecretBytes Key)> _all = [];
    private readonly List<SecretBytes> _keys = [];
    private SecretBytes? _index;
    private SecretBytes? _next;

    /// <summary>Takes the key over, also when it is refused.</summary>
    internal void Add(int line, ReadOnlySpan<byte> word, SecretBytes key)
    {
        _all.Add((line, key));
        foreach ((int earlier, SecretBytes known) in _all.SkipLast(1))
        {
            if (SecretBytes.AreEqual(known, key))
            {
                throw Refuse(line, $"repeats the key of line {earlier}: each must be random and stand there once; remove one");
            }
        }

        if (word.SequenceEqual("key"u8))
        {
            _keys.Add(key);
        }
        else if (word.SequenceEqual("index"u8))
        {
            _index = _index is null ? key : throw Refuse(line, "is a second 'index' line: remove the one that the other nodes do not have");
        }
        else
        {
            _next = _next is null ? key : throw Refuse(line, "is a second 'next' line: remove the one that the other nodes do not have");
        }
    }

    internal KeyRingEntries ToEntries()
    {
        if (_index is null)
        {
            throw new SessionKeyRingException(path, "has no 'index' line: add one with 64 hex digits, the same on every node");
        }

        if (_keys.Count == 0)
        {
            throw new SessionKeyRingException(path, "has no 'key' line: add one with 64 hex digits, the same on every node");
        }

        return new KeyRingEntries(_index, _keys, _next);
    }

    internal SessionKeyRingException Refuse(int line, string problem) => new(path, $"is refused, because line {line} {problem}");

    public void Dispose()
    {
        foreach ((_, SecretBytes key) in _all)
        {
            key.Dispose();
        }
    }
}
