using System.Globalization;

namespace Baton.Handover;

/// <summary>Judges a successor on probation by what it answers.</summary>
internal static class ProbationVerdict
{
    // Fewer answers say little: one failure among five would be a share of 20 %.
    private const int FewestAnswers = 20;

    /// <summary>Why the successor does worse than the predecessor did; empty if it does not.</summary>
    /// <param name="predecessor">What the predecessor answered of late.</param>
    /// <param name="successor">What the successor has answered.</param>
    /// <param name="margin">How much larger its share of failures may be, from 0 to 1.</param>
    public static IReadOnlyList<string> Against(TrafficFigures predecessor, TrafficFigures successor, double margin)
    {
        if (successor.Answered < FewestAnswers)
            return [];
        string?[] reasons =
        [
            Compare("answered with 5xx", figures => figures.Answered5xx, predecessor, successor, margin),
            Compare("failed at a destination", figures => figures.UpstreamFailures, predecessor, successor, margin),
        ];
        return [.. reasons.OfType<string>()];
    }

    private static string? Compare(string what, Func<TrafficFigures, long> count, TrafficFigures predecessor, TrafficFigures successor, double margin)
    {
        var (before, now) = (Share(predecessor), Share(successor));
        return now <= before + margin
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"Of the {successor.Answered} requests of its probation {count(successor)} were {what} ({now:P1}); before, {count(predecessor)} of {predecessor.Answered} were ({before:P1}). It may be {margin:P0} more (Baton:FailureMargin).");

        double Share(TrafficFigures figures) => figures.Answered == 0 ? 0 : (double)count(figures) / figures.Answered;
    }
}
