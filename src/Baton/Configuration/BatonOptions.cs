using System.Globalization;
using Baton.AccessLog;
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
    /// <summary>
    /// How many other destinations a request goes to, one after the other, when the one that was chosen cannot be connected to.
    /// 0 to 10. Default: 1.
    /// </summary>
    public int Retries { get; set; } = 1;

    public AccessLogOptions AccessLog { get; set; } = new();

    public AdminOptions Admin { get; set; } = new();

    public MetricsOptions Metrics { get; set; } = new();

    public TelemetryOptions Telemetry { get; set; } = new();

    public new IReadOnlyList<string> Validate() =>
        [.. base.Validate(), .. RetriesComplaint(), .. AccessLog.Validate(), .. Admin.Validate(), .. Metrics.Validate(), .. Telemetry.Validate()];

    private IEnumerable<string> RetriesComplaint()
    {
        if (Retries is < 0 or > 10)
            yield return string.Create(CultureInfo.InvariantCulture, $"Retries is {Retries}, but it must lie between 0 and 10.");
    }
}
