using Microsoft.Extensions.Logging;

namespace Baton.AccessLog;

/// <summary>What is said of the access log; event ids 3400 to 3449.</summary>
internal static partial class AccessLogLog
{
    [LoggerMessage(3400, LogLevel.Warning, "{Count} access log lines were dropped ({Total} in all), since more were waiting to be written than Baton:AccessLog:QueueSize. What they go to is too slow")]
    public static partial void Dropped(this ILogger log, long count, long total);

    [LoggerMessage(3401, LogLevel.Error, "The access log cannot be written to: {Reason}. Its lines are lost until it can")]
    public static partial void NotWritten(this ILogger log, string reason);

    [LoggerMessage(3402, LogLevel.Information, "The access log can be written to again; {Lost} lines were lost")]
    public static partial void WritesAgain(this ILogger log, long lost);

    [LoggerMessage(3403, LogLevel.Warning, "The last access log lines could not be written within {Time}, and are lost")]
    public static partial void NotFlushed(this ILogger log, TimeSpan time);
}
