using System.Runtime.InteropServices;
using System.Text;

namespace OpenSslSessionCb.Native;

/// <summary>The sentence of this thread's last call that failed. Freed when another comes, and with the thread.</summary>
internal sealed unsafe class LastError
{
    [ThreadStatic]
    private static LastError? t_current;

    private static readonly byte* s_none = AllocateText("");

    private readonly byte* _text;

    private LastError(string sentence)
    {
        _text = AllocateText(sentence);
        Value = sentence;
    }

    ~LastError() => NativeMemory.Free(_text);

    internal static byte* Text => t_current is { } current ? current._text : s_none;

    /// <summary>The same, for us.</summary>
    internal static string Sentence => t_current?.Value ?? "";

    private string Value { get; }

    internal static void Clear() => t_current = null;

    internal static Status Set(Status status, string sentence)
    {
        t_current = new LastError(sentence.ReplaceLineEndings(" "));
        return status;
    }

    private static byte* AllocateText(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }
}
