using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Baton.Tests.Configuration;

/// <summary>Keeps what is logged in Baton's own categories.</summary>
internal sealed class LogRecorder : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(LogLevel Level, EventId Id, string Text)> _events = new();

    public IReadOnlyCollection<(LogLevel Level, EventId Id, string Text)> Events => _events;

    public IReadOnlyList<string> Texts(int id) => [.. _events.Where(one => one.Id.Id == id).Select(one => one.Text)];

    public ILogger CreateLogger(string categoryName) => categoryName.StartsWith("Baton.", StringComparison.Ordinal)
        ? this
        : Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        _events.Enqueue((logLevel, eventId, formatter(state, exception)));

    public void Dispose()
    {
        // What was recorded stays readable.
    }
}
