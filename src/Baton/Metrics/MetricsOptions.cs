namespace Baton.Metrics;

/// <summary>The section <c>Baton:Metrics</c>.</summary>
internal sealed class MetricsOptions
{
    /// <summary>Whether requests are counted for <c>GET /metrics</c> on the admin interface. Default: true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// The most series of a metric, one for each route and status class, or destination and status class; what comes then is
    /// counted in the series "(other)". 16 to 5,000. Default: 2,000.
    /// </summary>
    public int MaxSeries { get; set; } = 2000;

    public IEnumerable<string> Validate()
    {
        if (MaxSeries is < 16 or > 5000)
            yield return FormattableString.Invariant($"Metrics:MaxSeries is {MaxSeries}, but it must lie between 16 and 5000.");
    }
}
