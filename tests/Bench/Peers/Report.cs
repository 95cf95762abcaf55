using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Bench.Measuring;

namespace Baton.Bench.Peers;

/// <summary>What was measured, as a table for readers and as JSON with every single value.</summary>
internal sealed class Report(BenchOptions options, Measurements measurements, IReadOnlyDictionary<string, string> machine)
{
    // A share of nothing is no number.
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true, NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals };

    public string Table()
    {
        var text = new StringBuilder();
        foreach (var (name, value) in machine)
            text.AppendLine(CultureInfo.InvariantCulture, $"- {name}: {value}");
        text.AppendLine().AppendLine("Median [quartiles], and ×ratio to the best of the line.").AppendLine();
        var heads = string.Join(" | ", options.Peers.Select(peer => peer.Name));
        text.AppendLine(CultureInfo.InvariantCulture, $"| | {heads} |");
        text.AppendLine(string.Concat(Enumerable.Repeat("|---", options.Peers.Count + 1)) + "|");
        foreach (var part in measurements.Rows.GroupBy(row => row.Part))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| **{part.Key}** {string.Concat(Enumerable.Repeat("| ", options.Peers.Count))}|");
            foreach (var row in part)
                text.AppendLine(CultureInfo.InvariantCulture, $"| {Label(row)} | {string.Join(" | ", Cells(row))} |");
        }

        if (measurements.Notes.Count > 0)
            text.AppendLine().AppendLine("Left out or failed:").AppendLine();
        foreach (var note in measurements.Notes)
            text.AppendLine("- " + note.ReplaceLineEndings(" "));
        return text.ToString();
    }

    public string Json() => JsonSerializer.Serialize(
        new
        {
            machine,
            rows = measurements.Rows.Select(row => new
            {
                part = row.Part,
                title = row.Title,
                unit = row.Unit,
                best = row.Best.ToString().ToLowerInvariant(),
                values = options.Peers.Where(peer => measurements.Of(row, peer.Name).Count > 0).ToDictionary(peer => peer.Name, peer => measurements.Of(row, peer.Name)),
            }),
            notes = measurements.Notes,
        },
        Format) + "\n";

    private static string Label(Row row) => row.Unit.Length == 0 ? row.Title : $"{row.Title} ({row.Unit})";

    private IEnumerable<string> Cells(Row row)
    {
        var spreads = options.Peers.Select(peer => measurements.Spread(row, peer.Name)).ToList();
        var medians = spreads.OfType<Spread>().Select(spread => spread.Median).ToList();
        double? best = row.Best switch
        {
            Best.Least => medians.Min(),
            Best.Most => medians.Max(),
            _ => null,
        };
        return spreads.Select(spread => spread is null ? "–" : Cell(row, spread, best));
    }

    private static string Cell(Row row, Spread spread, double? best)
    {
        var text = $"{Number(spread.Median)} [{Number(spread.At(0.25))} – {Number(spread.At(0.75))}]";
        if (best is not > 0)
            return text;
        var ratio = row.Best == Best.Most ? best / spread.Median : spread.Median / best;
        return string.Create(CultureInfo.InvariantCulture, $"{text} ×{ratio:0.00}");
    }

    // Three figures are more than any of this is worth.
    private static string Number(double value) => value.ToString(Math.Abs(value) switch { >= 100 => "0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);
}
