using Baton.Admin;
using Baton.Handover;
using Baton.Metrics;
using Baton.Tracing;

namespace Baton.Configuration;

/// <summary>
/// The section <c>Baton</c>: every option of ours. Those of the hand-over are the library's; a new option of the daemon
/// itself is a property here, a line in config/baton.schema.json and one in config/README.md, which tests compare.
/// </summary>
internal sealed class BatonOptions : HandoverOptions
{
    public AdminOptions Admin { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public new IReadOnlyList<string> Validate() => [.. base.Validate(), .. Admin.Validate(), .. Metrics.Validate(), .. Telemetry.Validate()];
}
