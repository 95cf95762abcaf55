using System.Text.Json.Serialization;

namespace Baton.Metrics;

/// <summary>What one generation tells another of its metrics.</summary>
/// <param name="Generation">Which one it is.</param>
/// <param name="Families">By their names.</param>
internal sealed record MetricsState(int Generation, IReadOnlyDictionary<string, FamilyState> Families);

/// <param name="Labels">Names of the labels: a build where they are others leaves the family out.</param>
/// <param name="Series">Its series.</param>
/// <param name="Bounds">Of a histogram, likewise.</param>
internal sealed record FamilyState(IReadOnlyList<string> Labels, IReadOnlyList<SeriesSnapshot> Series, IReadOnlyList<double>? Bounds = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(MetricsState))]
internal sealed partial class MetricsFormat : JsonSerializerContext;
