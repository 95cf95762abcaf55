using Microsoft.Extensions.Logging;

namespace Baton.Systemd;

/// <summary>What is to be said about systemd; event ids 3200 to 3299.</summary>
internal static partial class SystemdLog
{
    [LoggerMessage(3200, LogLevel.Warning, "{Complaint}")]
    public static partial void SocketUnused(this ILogger log, string complaint);

    [LoggerMessage(3201, LogLevel.Error, "The watchdog is not told that the service is well: {Failures} systemd ends the service when it has heard nothing for {Limit} s (WatchdogSec=).")]
    public static partial void NotWell(this ILogger log, string failures, double limit);

    [LoggerMessage(3202, LogLevel.Error, "systemd could not be told that the service is well (NOTIFY_SOCKET)")]
    public static partial void NotTold(this ILogger log, Exception exception);
}
