using System.Text.Json.Serialization;

namespace Baton.Admin;

/// <summary>The JSON of the admin interface.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    WriteIndented = true)]
[JsonSerializable(typeof(StatusDocument))]
[JsonSerializable(typeof(UpgradesDocument))]
[JsonSerializable(typeof(ConfigDocument))]
[JsonSerializable(typeof(CanaryDocument))]
[JsonSerializable(typeof(ErrorDocument))]
internal sealed partial class AdminFormat : JsonSerializerContext;
