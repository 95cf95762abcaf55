using Microsoft.Extensions.Logging;

namespace Baton.Handover.Tests.State;

/// <summary>Keeps what is logged.</summary>
internal sealed class RecordingLog<T> : ILogger<T>
{
    private readonly List<(LogLevel Level, string Text)> _events = [];

    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_events)
                return [.. _events.Where(one => one.Level >= LogLevel.Warning).Select(one => one.Text)];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_events)
            _events.Add((logLevel, formatter(state, exception)));
    }
}
