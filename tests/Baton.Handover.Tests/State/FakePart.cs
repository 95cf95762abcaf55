using System.Text.Json;

namespace Baton.Handover.Tests.State;

/// <summary>A part that saves a text and remembers what it was given, or throws.</summary>
internal sealed class FakePart(string name, string? text = "saved") : IStatePart
{
    public bool Throws { get; init; }

    public List<(int Version, string? Data, StateMoment Moment)> Loaded { get; } = [];

    public string Name => name;

    public int Version { get; init; } = 1;

    public JsonElement? Save() => Throws ? throw new InvalidOperationException("cannot") : text is null ? null : JsonSerializer.SerializeToElement(text);

    public void Load(int version, JsonElement data, StateMoment moment)
    {
        if (Throws)
            throw new InvalidOperationException("cannot");
        Loaded.Add((version, data.GetString(), moment));
    }
}
