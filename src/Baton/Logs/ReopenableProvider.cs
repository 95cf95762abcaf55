using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Serilog.Extensions.Logging;

namespace Baton.Logs;

/// <summary>
/// Serilog's provider, of which there can be a new one while the program runs: it has opened its files anew, after logrotate has
/// moved the old ones away.
/// </summary>
internal sealed class ReopenableProvider(Func<Serilog.Core.Logger> create, TimeProvider clock) : ILoggerProvider, IReopenable
{
    // For lines that other threads are writing to the old files.
    private static readonly TimeSpan UntilClose = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<string, ReopenableLogger> _loggers = new();
    private SerilogLoggerProvider _current = new(create(), dispose: true);

    public void Reopen()
    {
        var next = new SerilogLoggerProvider(create(), dispose: true);
        lock (_lock)
        {
            var before = _current;
            _current = next;
            foreach (var (category, logger) in _loggers)
                logger.Inner = next.CreateLogger(category);
            _ = Task.Delay(UntilClose, clock).ContinueWith(_ => before.Dispose(), TaskScheduler.Default);
        }
    }

    public ILogger CreateLogger(string categoryName)
    {
        lock (_lock)
        {
            var logger = _loggers.GetOrAdd(categoryName, name => new ReopenableLogger(_current.CreateLogger(name)));
            return categoryName == HostLogger.Category ? new HostLogger(logger) : logger;
        }
    }

    public void Dispose()
    {
        lock (_lock)
            _current.Dispose();
    }
}
