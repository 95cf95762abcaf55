using System.Buffers;
using System.Globalization;
using System.Text;

namespace Baton.Metrics;

/// <summary>
/// Writes metrics as Prometheus reads them: its text format 0.0.4 (prometheus.io/docs/instrumenting/exposition_formats), or
/// OpenMetrics 1.0 (prometheus.io/docs/specs/om/open_metrics_spec), which differs in the names of counters, in units, in the
/// text of whole numbers as bounds, in <c>_created</c> and in its end.
/// </summary>
internal sealed class ExpositionWriter(IBufferWriter<byte> output, bool openMetrics)
{
    private readonly StringBuilder _text = new();

    public void Write(FamilySnapshot snapshot)
    {
        var family = snapshot.Family;
        if (family.Bounds is null)
        {
            Head(openMetrics ? family.Name : family.Name + "_total", "counter", family.Help, family.Unit);
            foreach (var series in snapshot.Series)
            {
                Sample(family.Name, "_total", family.Labels, series.Labels, series.Values[0] / family.Scale);
                Created(family, series);
            }
        }
        else
        {
            Head(family.Name, "histogram", family.Help, family.Unit);
            foreach (var series in snapshot.Series)
                Histogram(family, series);
        }

        Flush();
    }

    public void Write(Gauge gauge)
    {
        Head(gauge.Name, "gauge", gauge.Help, gauge.Unit);
        foreach (var (labels, value) in gauge.Values)
            Sample(gauge.Name, "", gauge.Labels, labels, value);
        Flush();
    }

    public void End()
    {
        if (openMetrics)
            _text.Append("# EOF\n");
        Flush();
    }

    private void Histogram(MetricFamily family, SeriesSnapshot series)
    {
        var count = 0L;
        for (var bucket = 0; bucket <= family.Bounds!.Count; bucket++)
        {
            count += series.Values[bucket];
            Sample(family.Name, "_bucket", family.Labels, series.Labels, count, bucket < family.Bounds.Count ? Bound(family.Bounds[bucket]) : "+Inf");
        }

        Sample(family.Name, "_sum", family.Labels, series.Labels, series.Values[^1] / family.Scale);
        Sample(family.Name, "_count", family.Labels, series.Labels, count);
        Created(family, series);
    }

    private void Created(MetricFamily family, SeriesSnapshot series)
    {
        if (openMetrics)
            Sample(family.Name, "_created", family.Labels, series.Labels, series.Created.ToUnixTimeMilliseconds() / 1000.0);
    }

    private void Head(string name, string type, string help, string? unit)
    {
        _text.Append("# HELP ").Append(name).Append(' ');
        Escape(help, quotes: openMetrics);
        _text.Append("\n# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        if (openMetrics && unit is not null)
            _text.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
    }

    private void Sample(string name, string suffix, IReadOnlyList<string> names, IReadOnlyList<string> values, double value, string? bound = null)
    {
        _text.Append(name).Append(suffix);
        var open = '{';
        for (var index = 0; index < names.Count; index++, open = ',')
        {
            _text.Append(open).Append(names[index]).Append("=\"");
            Escape(values[index], quotes: true);
            _text.Append('"');
        }

        if (bound is not null)
            _text.Append(open).Append("le=\"").Append(bound).Append('"');
        if (names.Count > 0 || bound is not null)
            _text.Append('}');
        _text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    // Each format has one text for a bound, so that it is the same series whoever wrote it: "1", and in OpenMetrics "1.0".
    private string Bound(double bound) => bound.ToString(openMetrics && bound == Math.Floor(bound) ? "0.0" : "R", CultureInfo.InvariantCulture);

    private void Escape(string text, bool quotes)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => _text.Append("\\\\"),
                '\n' => _text.Append("\\n"),
                '"' when quotes => _text.Append("\\\""),
                _ => _text.Append(character),
            };
        }
    }

    private void Flush()
    {
        foreach (var chunk in _text.GetChunks())
            Encoding.UTF8.GetBytes(chunk.Span, output);
        _text.Clear();
    }
}
