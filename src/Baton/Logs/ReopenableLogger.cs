using Microsoft.Extensions.Logging;

namespace Baton.Logs;

/// <summary>A logger whose files may be opened anew behind it.</summary>
internal sealed class ReopenableLogger(ILogger inner) : ILogger
{
    private volatile ILogger _inner = inner;

    public ILogger Inner
    {
        set => _inner = value;
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => _inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => _inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _inner.Log(logLevel, eventId, state, exception, formatter);
}
