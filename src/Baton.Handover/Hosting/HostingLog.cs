using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>What the host's side of a handover tells the operator; event ids 1100 to 1199.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(1100, LogLevel.Information, "What the predecessor knew is known here too: {Parts}")]
    public static partial void StateLoaded(this ILogger log, string parts);

    [LoggerMessage(1101, LogLevel.Warning, "What the predecessor passed on ({Moment}) cannot be read: {Reason}. This generation goes on with what it knows itself")]
    public static partial void StateDamaged(this ILogger log, StateMoment moment, string reason);

    [LoggerMessage(1102, LogLevel.Warning, "The part '{Part}' could not be saved for the successor, which goes on without it")]
    public static partial void PartNotSaved(this ILogger log, Exception exception, string part);

    [LoggerMessage(1103, LogLevel.Warning, "The part '{Part}' (version {Version}, {Moment}) of what the predecessor knew could not be used; this generation goes on without it")]
    public static partial void PartNotLoaded(this ILogger log, Exception exception, string part, int version, StateMoment moment);

    [LoggerMessage(1106, LogLevel.Warning, "The part '{Part}' failed when this generation was about to accept again")]
    public static partial void PartNotResumed(this ILogger log, Exception exception, string part);

    [LoggerMessage(1104, LogLevel.Warning, "The part '{Part}' has {Bytes} bytes; together with the others it exceeds the {Limit} that are passed on, so the successor goes on without it")]
    public static partial void PartTooLarge(this ILogger log, string part, int bytes, int limit);

    [LoggerMessage(1105, LogLevel.Information, "Since generation 1: {Connections} connections accepted, {Answered} requests answered, {ServerErrors} of them with 5xx, {Aborted} aborted by clients; {UpstreamFailures} failures of destinations")]
    public static partial void Totals(this ILogger log, long connections, long answered, long serverErrors, long aborted, long upstreamFailures);

    [LoggerMessage(1110, LogLevel.Warning, "The preparation {Preparation} failed; this generation becomes ready without it")]
    public static partial void PreparationFailed(this ILogger log, Exception exception, string preparation);

    [LoggerMessage(1111, LogLevel.Warning, "The preparation {Preparation} was not done {Seconds} s after the start; this generation becomes ready without it, since Baton:ReadyTimeout is {Limit} s")]
    public static partial void PreparationLate(this ILogger log, string preparation, double seconds, double limit);
}
