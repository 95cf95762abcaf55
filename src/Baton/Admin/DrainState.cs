using System.Text.Json.Serialization;

namespace Baton.Admin;

/// <summary>What one generation tells the next of <c>baton drain</c>.</summary>
/// <param name="IsOn">Whether clients are to go elsewhere.</param>
/// <param name="Since">When an operator has last said so.</param>
internal sealed record DrainState(bool IsOn, DateTimeOffset Since);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DrainState))]
internal sealed partial class DrainFormat : JsonSerializerContext;
