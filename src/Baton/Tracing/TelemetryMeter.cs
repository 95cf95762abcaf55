using System.Diagnostics.Metrics;
using Baton.Handover;
using Baton.Handover.Hosting;
using Baton.Metrics;

namespace Baton.Tracing;

/// <summary>
/// What is exported as metrics: of this generation alone, since each is an instance of the service to the collector, which
/// adds them up. Names and buckets as OpenTelemetry's semantic conventions for HTTP say.
/// </summary>
internal sealed class TelemetryMeter : IHandoverObserver, IDisposable
{
    public const string Name = "Baton";

    private static readonly InstrumentAdvice<double> Buckets = new() { HistogramBucketBoundaries = MetricFamilies.RequestBounds };

    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _upgrades;

    public TelemetryMeter(Generation generation)
    {
        ServerDuration = _meter.CreateHistogram("http.server.request.duration", "s", "From the head of a request until the last byte of its answer.", tags: null, Buckets);
        ClientDuration = _meter.CreateHistogram("http.client.request.duration", "s", "From sending a request to a destination until the head of its answer.", tags: null, Buckets);
        _upgrades = _meter.CreateCounter<long>("baton.upgrades", "{upgrade}", "Upgrades by how they ended.");
        _meter.CreateObservableGauge("baton.generation", () => generation.Number, description: "The number of the generation.");
    }

    public Histogram<double> ServerDuration { get; }

    public Histogram<double> ClientDuration { get; }

    /// <summary>Not in the constructor: the status knows the upgrade, and that its observers, of which this is one.</summary>
    public void Watch(HandoverStatus status)
    {
        _meter.CreateObservableUpDownCounter("http.server.active_requests", () => status.Open.Requests, "{request}", "Requests in flight.");
        _meter.CreateObservableUpDownCounter("baton.open_connections", () => status.Open.Connections, "{connection}", "Open connections.");
    }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice.Report is { } report)
            _upgrades.Add(1, new KeyValuePair<string, object?>("outcome", UpgradeMetrics.NameOf(report.Outcome)));
        return ValueTask.CompletedTask;
    }

    public void Dispose() => _meter.Dispose();
}
