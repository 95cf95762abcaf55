namespace Baton.AccessLog;

/// <summary>Writes one fact of a request, or that there is none.</summary>
internal delegate void LogField(LogLine line, in LogEntry entry);
