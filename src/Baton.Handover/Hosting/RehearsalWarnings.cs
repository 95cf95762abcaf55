using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>Remembers what a generation that is only rehearsed warns of, for whoever has asked for the rehearsal.</summary>
internal sealed class RehearsalWarnings(Generation generation) : ILoggerProvider, ILogger
{
    // So that all of them have room in the ready message, whatever they are about.
    private const int Most = 20;
    private const int Longest = 300;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel is >= LogLevel.Warning and < LogLevel.None;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!IsEnabled(logLevel) || generation.Warnings.Count >= Most)
            return;
        var text = exception is null ? formatter(state, null) : $"{formatter(state, exception)} {exception.Message}";
        generation.Warnings.Enqueue(text.Length <= Longest ? text : text[..Longest] + "…");
    }

    public void Dispose()
    {
        // There is nothing to let go of.
    }
}
