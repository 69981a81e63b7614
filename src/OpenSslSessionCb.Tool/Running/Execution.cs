using System.Runtime.InteropServices;
using System.Text;
using OpenSslSessionCb.Tool.Running.Programs;

namespace OpenSslSessionCb.Tool.Running;

/// <summary>Turns this process into another program, with the environment that it was started with and what is added to it.</summary>
internal static unsafe partial class Execution
{
    private const int NoSuchFile = 2;

    /// <summary>In C's own environment, which execv hands on as it is: byte by byte, and in its order.</summary>
    internal static void SetVariable(string name, string value) => SetVariable(name, Encoding.UTF8.GetBytes(value));

    internal static void RemoveVariable(string name) => _ = Unset(name);

    /// <summary>Puts this before what the variable says.</summary>
    internal static void PutInFront(string name, string value)
    {
        byte* before = Get(name);
        ReadOnlySpan<byte> rest = before is null ? [] : MemoryMarshal.CreateReadOnlySpanFromNullTerminated(before);
        SetVariable(name, rest.IsEmpty ? Encoding.UTF8.GetBytes(value) : [.. Encoding.UTF8.GetBytes(value), (byte)':', .. rest]);
    }

    /// <summary>Returns only to say why not.</summary>
    internal static ToolException Become(string program, IReadOnlyList<byte[]> arguments)
    {
        // Not freed: either this process is another one then, or it ends.
        var list = (byte**)NativeMemory.AllocZeroed((nuint)arguments.Count + 1, (nuint)sizeof(byte*));
        for (int index = 0; index < arguments.Count; index++)
        {
            list[index] = Copy(arguments[index]);
        }

        StartState.PutBack();
        _ = Execute(program, list);
        int error = Marshal.GetLastPInvokeError();
        return new ToolException($"{program} cannot be executed: {Marshal.GetPInvokeErrorMessage(error)}.",
            error == NoSuchFile ? ProgramPath.NotFound : ProgramPath.NotExecutable);
    }

    private static void SetVariable(string name, byte[] value)
    {
        byte* text = Copy(value);
        int result = Set(name, text, 1);
        NativeMemory.Free(text);
        if (result != 0)
        {
            throw new ToolException(
                $"{name} cannot be put into the environment: {Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError())}.");
        }
    }

    private static byte* Copy(byte[] text)
    {
        var copy = (byte*)NativeMemory.AllocZeroed((nuint)text.Length + 1);
        text.CopyTo(new Span<byte>(copy, text.Length));
        return copy;
    }

    [LibraryImport("libc", EntryPoint = "execv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Execute(string program, byte** arguments);

    [LibraryImport("libc", EntryPoint = "setenv", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string name, byte* value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Unset(string name);

    [LibraryImport("libc", EntryPoint = "getenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial byte* Get(string name);
}
