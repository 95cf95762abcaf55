using Microsoft.Extensions.Logging;

namespace Baton.Configuration;

/// <summary>What live reload says.</summary>
internal sealed partial class LiveReloadLog(ILogger logger, string file)
{
    public void Reloaded(int routes, int clusters) => LogReloaded(file, routes, clusters);

    /// <summary>All errors in one event: whoever reads it needs them together.</summary>
    public void Refused(ConfigurationException e)
    {
        var lines = e.Errors.Select(error => $"  {error}").Concat(e.Warnings.Select(warning => $"  {warning} (a warning only)"));
        LogRefused(file, e.Errors.Count, Environment.NewLine + string.Join(Environment.NewLine, lines));
    }

    public void WaitsForUpgrade(IReadOnlyList<string> sections) =>
        LogWaitsForUpgrade(string.Join(", ", sections), file, Environment.ProcessId);

    public void Warnings(IReadOnlyList<ConfigurationError> warnings)
    {
        foreach (var warning in warnings)
            LogWarning(warning.Origin.ToString(), warning.Message);
    }

    public void Missing(string reason) => LogMissing(file, reason);

    public void Unwatched(string reason, TimeSpan period) => LogUnwatched(file, reason, period);

    public void Failed(Exception e) => LogFailed(e, file);

    [LoggerMessage(2001, LogLevel.Information, "Routes and clusters reloaded from {File}; routes: {Routes}, clusters: {Clusters}")]
    private partial void LogReloaded(string file, int routes, int clusters);

    [LoggerMessage(2002, LogLevel.Error, "The change of {File} is refused and the old routes stay; errors: {Count}{Errors}")]
    private partial void LogRefused(string file, int count, string errors);

    [LoggerMessage(2003, LogLevel.Information, "The change of {Sections} in {File} takes effect with the next upgrade: kill -HUP {Pid}")]
    private partial void LogWaitsForUpgrade(string sections, string file, int pid);

    [LoggerMessage(2004, LogLevel.Warning, "{Origin}: {Warning}")]
    private partial void LogWarning(string origin, string warning);

    [LoggerMessage(2005, LogLevel.Warning, "{File} cannot be read, so the old routes stay: {Reason}")]
    private partial void LogMissing(string file, string reason);

    [LoggerMessage(2006, LogLevel.Information, "{File} is read every {Period}, because its directory cannot be watched: {Reason}")]
    private partial void LogUnwatched(string file, string reason, TimeSpan period);

    [LoggerMessage(2007, LogLevel.Error, "{File} could not be reloaded, so the old routes stay")]
    private partial void LogFailed(Exception exception, string file);
}
