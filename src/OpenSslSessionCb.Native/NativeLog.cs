using System.Text;
using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb.Native;

/// <summary>A host's log function. Lines carry no secret, and exceptions no stack trace.</summary>
internal sealed unsafe class NativeLog(nint function, nint argument, int level) : ILoggerFactory, ILogger
{
    internal const int Error = 1;
    internal const int Warning = 2;
    internal const int Information = 3;

    private readonly Lock _gate = new();

    /// <summary>What caches that are opened from now on log to.</summary>
    internal static NativeLog? Current { get; set; }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => LevelOf(logLevel) is { } wanted && wanted <= level;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            string text = formatter(state, exception);
            Write(LevelOf(logLevel)!.Value, exception is null ? text : $"{text} {exception.Message}");
        }
    }

    internal void Write(int lineLevel, string text)
    {
        if (lineLevel > level)
        {
            return;
        }

        byte[] bytes = Encoding.UTF8.GetBytes(text.ReplaceLineEndings(" ") + '\0');
        lock (_gate)
        {
            fixed (byte* start = bytes)
            {
                ((delegate* unmanaged[Cdecl]<int, byte*, void*, void>)function)(lineLevel, start, (void*)argument);
            }
        }
    }

    public void Dispose()
    {
    }

    private static int? LevelOf(LogLevel logLevel) => logLevel switch
    {
        LogLevel.Critical or LogLevel.Error => Error,
        LogLevel.Warning => Warning,
        LogLevel.Information => Information,
        _ => null,
    };
}
