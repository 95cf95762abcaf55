using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>Passes the totals on, so that they go on growing from generation to generation.</summary>
internal sealed partial class TrafficPart(TrafficCounters counters, ILogger<TrafficPart> log) : IStatePart
{
    public string Name => "counters";

    public int Version => 1;

    public JsonElement? Save() => JsonSerializer.SerializeToElement(counters.Total, Format.Default.TrafficCount);

    public JsonElement? Save(StateMoment moment) => moment == StateMoment.Probation ? null : Save();

    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (version != Version)
            return;
        counters.Inherit(data.Deserialize(Format.Default.TrafficCount));
        if (moment == StateMoment.End && counters.Total is var total)
            log.Totals(total.Connections, total.Answered, total.Answered5xx, total.Aborted, total.UpstreamFailures);
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, IgnoreReadOnlyProperties = true)]
    [JsonSerializable(typeof(TrafficCount))]
    private sealed partial class Format : JsonSerializerContext;
}
