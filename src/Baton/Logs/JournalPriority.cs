using Serilog.Core;
using Serilog.Events;

namespace Baton.Logs;

/// <summary>
/// Remembers the priority of the event that is being written, for whoever writes its text: enrichers run before the sinks, on
/// the same thread. It works with every format, where a property in one template would not.
/// </summary>
internal sealed class JournalPriority : ILogEventEnricher
{
    [ThreadStatic]
    private static int? _current;

    /// <summary>The priority of the event whose text comes now; null for what is no event.</summary>
    public static int? Take()
    {
        var current = _current;
        _current = null;
        return current;
    }

    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory) => _current = Journal.PriorityOf(logEvent.Level);
}
