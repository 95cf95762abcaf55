using System.Text.Json.Serialization;
using Yarp.ReverseProxy.Model;

namespace Baton.Health;

/// <summary>What one generation tells the next of a destination; the first three together say which one it is.</summary>
internal sealed record KnownDestination(string Cluster, string Destination, string Address)
{
    /// <summary>What the probes say.</summary>
    public DestinationHealth Active { get; init; }

    /// <summary>Probes that failed since the last that did not.</summary>
    public long Failures { get; init; }

    /// <summary>When the last probe ended.</summary>
    public DateTimeOffset? ProbedAt { get; init; }

    /// <summary>Until when it is out of use for failed requests; null if it is in use.</summary>
    public DateTimeOffset? OutUntil { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<KnownDestination>))]
internal sealed partial class HealthFormat : JsonSerializerContext;
