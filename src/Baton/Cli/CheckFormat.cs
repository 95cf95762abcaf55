using System.Text.Json.Serialization;

namespace Baton.Cli;

/// <summary>The JSON of <c>baton check</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    WriteIndented = true)]
[JsonSerializable(typeof(IReadOnlyList<CheckFinding>))]
internal sealed partial class CheckFormat : JsonSerializerContext;
