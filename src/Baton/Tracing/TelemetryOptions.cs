using System.Globalization;

namespace Baton.Tracing;

/// <summary>The section <c>Baton:Telemetry</c>: traces and metrics for an OpenTelemetry collector.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>
    /// The address of the collector, http or https. Default: null, which sends nothing unless the environment variable
    /// OTEL_EXPORTER_OTLP_ENDPOINT is set; then that and its siblings say where to and how.
    /// </summary>
    public string? Endpoint { get; set; }

    /// <summary>
    /// How the collector is spoken to. With <see cref="TelemetryProtocol.HttpProtobuf"/> traces go to <c>/v1/traces</c> and metrics to
    /// <c>/v1/metrics</c> below <see cref="Endpoint"/>. Default: gRPC.
    /// </summary>
    public TelemetryProtocol Protocol { get; set; }

    /// <summary>Sent with each export, a secret: <c>name=value,name=value</c>. Default: null.</summary>
    public string? Headers { get; set; }

    /// <summary>
    /// The share of traces that begin here which is sent; one that a client has begun is sent if the client says so. 0 to 1.
    /// Default: 1.
    /// </summary>
    public double SampleRatio { get; set; } = 1;

    /// <summary>The time between two exports of the metrics. 1 second to 1 hour. Default: 1 minute.</summary>
    public TimeSpan MetricsInterval { get; set; } = TimeSpan.FromMinutes(1);

    public IEnumerable<string> Validate()
    {
        if (Endpoint is not null && !(Uri.TryCreate(Endpoint, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            yield return $"Telemetry:Endpoint is '{Endpoint}', but it must be an absolute http or https address, as in \"http://127.0.0.1:4317\".";
        if (Headers is not null && !Headers.Split(',').All(header => header.IndexOf('=', StringComparison.Ordinal) > 0))
            yield return "Telemetry:Headers cannot be read; it must be a list as in \"api-key=secret,other=value\".";
        if (!(SampleRatio is >= 0 and <= 1))
            yield return string.Create(CultureInfo.InvariantCulture, $"Telemetry:SampleRatio is {SampleRatio}, but it must lie between 0 and 1, as in 0.1.");
        if (MetricsInterval < TimeSpan.FromSeconds(1) || MetricsInterval > TimeSpan.FromHours(1))
            yield return $"Telemetry:MetricsInterval is {MetricsInterval}, but it must lie between 00:00:01 and 01:00:00.";
    }
}
