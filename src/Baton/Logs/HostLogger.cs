using Microsoft.Extensions.Logging;

namespace Baton.Logs;

/// <summary>
/// The log of the server's host. Where that is enabled for anything, even for what is critical, the host makes a span and a scope
/// for each request, which is a tenth of what a small request costs. Of requests it says nothing above Information: if that is
/// not wanted, it is told that nothing is. What it says of itself is logged all the same, since it does not ask before.
/// </summary>
internal sealed class HostLogger(ILogger inner) : ILogger
{
    public const string Category = "Microsoft.AspNetCore.Hosting.Diagnostics";

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => inner.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => inner.IsEnabled(LogLevel.Information) && inner.IsEnabled(logLevel);

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        inner.Log(logLevel, eventId, state, exception, formatter);
}
