using Microsoft.Extensions.Logging;

namespace OpenSslSessionCb.Tests;

/// <summary>Keeps what is logged; throws instead when told so.</summary>
internal sealed class CollectingLogger(bool throws = false) : ILogger, ILoggerFactory
{
    public List<string> Lines { get; } = [];

    public List<Exception?> Exceptions { get; } = [];

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (throws)
        {
            throw new InvalidOperationException("the logger itself");
        }

        lock (Lines)
        {
            Lines.Add(formatter(state, exception));
            Exceptions.Add(exception);
        }
    }

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }
}
