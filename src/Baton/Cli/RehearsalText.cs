using System.Globalization;
using Baton.Handover;

namespace Baton.Cli;

/// <summary>A rehearsal of an upgrade in words: what the upgrade would do, and what it would take.</summary>
internal static class RehearsalText
{
    private const double Mebibyte = 1024 * 1024;

    /// <summary>The report in lines; reasons are not in it.</summary>
    public static IEnumerable<string> Of(UpgradeReport report)
    {
        if (report.Rehearsal is not { } learned)
        {
            yield return $"The upgrade would fail, as was clear after {Seconds(report.Duration)}: generation {report.From} (pid {report.FromPid}, version {report.FromVersion}) serves as before.";
            yield break;
        }

        yield return $"The upgrade would work: generation {report.From} (pid {report.FromPid}, version {report.FromVersion}) would hand over to {report.To} (version {report.ToVersion}). Nothing was changed.";
        yield return $"  ready      after {Seconds(report.ReadyAfter)}";
        yield return $"  memory     {Size(learned.ResidentBytes)} resident when it was ready, {Size(learned.ProportionalBytes)} of them its own share";
        yield return $"  listeners  stay: {List(learned.Kept)}";
        yield return $"             new: {(learned.Added is null ? "unknown, its build does not say" : List(learned.Added))}";
        yield return $"             go: {List(learned.Removed)}";
        foreach (var warning in learned.Warnings)
            yield return $"  warning    {warning.ReplaceLineEndings(" ")}";
    }

    private static string Seconds(TimeSpan? time) => time is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value.TotalSeconds:0.0} s") : "?";

    private static string Size(long? bytes) => bytes is { } size ? string.Create(CultureInfo.InvariantCulture, $"{size / Mebibyte:0.0} MiB") : "an unknown amount";

    private static string List(IReadOnlyList<string> addresses) => addresses.Count > 0 ? string.Join(", ", addresses) : "none";
}
