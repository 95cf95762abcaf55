using Microsoft.Extensions.Logging;

namespace Baton.Logs;

/// <summary>What the log says about itself; event ids 3300 to 3399.</summary>
internal static partial class LogsLog
{
    [LoggerMessage(3300, LogLevel.Information, "Log files were opened anew (SIGUSR1)")]
    public static partial void Reopened(this ILogger log);

    [LoggerMessage(3301, LogLevel.Error, "Opening the log files anew (SIGUSR1) failed, so the old ones stay in use: {Reasons}")]
    public static partial void NotReopened(this ILogger log, string reasons);
}
