using System.Globalization;
using System.Text.Json.Serialization;
using Baton.Handover;

namespace Baton.Admin;

/// <summary>The data of an event of <c>GET /events</c>: a step of a generation, and what it is then.</summary>
internal sealed record EventDocument
{
    public required int Generation { get; init; }

    /// <summary>Counted in each generation, from 1; 0 before its first.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset At { get; init; }

    public required HandoverPhase Phase { get; init; }

    /// <summary>Whether it answers for the service: its predecessor, if it had one, can no longer resume.</summary>
    public bool IsMain { get; init; }

    /// <summary>Whether an operator has drained it for a load balancer in front.</summary>
    public bool IsDraining { get; init; }

    /// <summary>The process id of its successor, while there is one.</summary>
    public int? SuccessorPid { get; init; }

    /// <summary>The upgrade that has just ended, if this step ends one.</summary>
    public UpgradeReport? Report { get; init; }

    /// <summary>As clients send it back in <c>Last-Event-ID</c>.</summary>
    [JsonIgnore]
    public string Id => string.Create(CultureInfo.InvariantCulture, $"{Generation}-{Number}");
}

// One line each: a line break would end the data.
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(EventDocument))]
[JsonSerializable(typeof(IReadOnlyList<EventDocument>))]
internal sealed partial class EventFormat : JsonSerializerContext;
