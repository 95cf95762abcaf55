using System.Text.Json;
using System.Text.Json.Serialization;
using Baton.Handover;

namespace Baton.Reports;

/// <summary>The last upgrades, oldest first, whichever generation has run them.</summary>
internal sealed partial class ReportHistory : IHandoverObserver, IStatePart
{
    /// <summary>Older ones are forgotten.</summary>
    public const int Most = 100;

    private readonly Lock _lock = new();
    private IReadOnlyList<UpgradeReport> _reports = [];

    public string Name => "reports";

    public int Version => 1;

    public IReadOnlyList<UpgradeReport> Reports
    {
        get
        {
            lock (_lock)
                return _reports;
        }
    }

    public ValueTask OnPhaseAsync(HandoverNotice notice)
    {
        if (notice.Report is { } report)
            Add([report], before: false);
        return ValueTask.CompletedTask;
    }

    public JsonElement? Save() => JsonSerializer.SerializeToElement(Reports, Format.Default.IReadOnlyListUpgradeReport);

    // At its end the predecessor may know of one that it had not been told at the takeover: its own predecessor took longer.
    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (version == Version)
            Add(data.Deserialize(Format.Default.IReadOnlyListUpgradeReport) ?? [], before: true);
    }

    private void Add(IReadOnlyList<UpgradeReport> reports, bool before)
    {
        lock (_lock)
        {
            var all = before ? reports.Concat(_reports) : _reports.Concat(reports);
            _reports = [.. all.DistinctBy(report => (report.FromPid, report.From, report.To, report.ToPid, report.Outcome, report.Duration)).TakeLast(Most)];
        }
    }

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        UseStringEnumConverter = true,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true)]
    [JsonSerializable(typeof(IReadOnlyList<UpgradeReport>))]
    private sealed partial class Format : JsonSerializerContext;
}
