using Baton.Configuration;

namespace Baton.Cli;

/// <summary>One find of <c>baton check --json</c>.</summary>
/// <param name="Severity">"error" or "warning".</param>
/// <param name="File">The absolute path of the file in which it stands; null if it stands in none.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">In bytes, from 1.</param>
/// <param name="Source">What else it came from, such as an environment variable or <c>--set</c>.</param>
/// <param name="Path">The key in the JSON, as in <c>Kestrel:Endpoints:Https:Url</c>.</param>
/// <param name="Message">What is wrong and what to do.</param>
internal sealed record CheckFinding(string Severity, string? File, int? Line, int? Column, string? Source, string? Path, string Message)
{
    public static CheckFinding Of(ConfigurationError one, bool isWarning) => new(
        isWarning ? "warning" : "error",
        one.Origin.File,
        one.Origin.Line,
        one.Origin.Column,
        one.Origin.File is null ? one.Origin.Source : null,
        one.Key,
        one.Message);
}
