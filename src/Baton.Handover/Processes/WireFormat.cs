using System.Text.Json.Serialization;

namespace Baton.Handover.Processes;

/// <summary>
/// The JSON that two builds exchange. What a reader does not know it passes over, what it misses it takes as absent: that is
/// what makes an older or newer build a possible partner.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(InheritanceBody))]
[JsonSerializable(typeof(ReadyMessage))]
[JsonSerializable(typeof(ReadyVersion))]
[JsonSerializable(typeof(ChannelMessage))]
internal sealed partial class WireFormat : JsonSerializerContext;
