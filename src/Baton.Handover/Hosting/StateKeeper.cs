using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Baton.Handover.Processes;
using Microsoft.Extensions.Logging;

namespace Baton.Handover.Hosting;

/// <summary>
/// All parts in one document: <c>{"health":{"version":1,"data":…},…}</c>. Each part stands alone: one that fails, or that the
/// other build does not have, takes nothing from the others.
/// </summary>
internal sealed class StateKeeper(IEnumerable<IStatePart> parts, ILogger<StateKeeper> log) : IStateKeeper
{
    // Of a part beyond its data: the name, the version, punctuation.
    private const int Frame = 256;

    private readonly IReadOnlyList<IStatePart> _parts = [.. parts];

    public byte[] Save(StateMoment moment)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        foreach (var part in _parts)
        {
            if (DataOf(part, moment) is not { } data)
                continue;
            var size = JsonMarshal.GetRawUtf8Value(data).Length;
            if (writer.BytesCommitted + writer.BytesPending + size + Frame > StateFile.MaxBytes)
            {
                log.PartTooLarge(part.Name, size, StateFile.MaxBytes);
                continue;
            }

            writer.WriteStartObject(part.Name);
            writer.WriteNumber("version", part.Version);
            writer.WritePropertyName("data");
            data.WriteTo(writer);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan.ToArray();
    }

    public void Resuming()
    {
        foreach (var part in _parts)
        {
            try
            {
                part.Resuming();
            }
            catch (Exception e)
            {
                log.PartNotResumed(e, part.Name);
            }
        }
    }

    public void Load(byte[]? state, StateMoment moment)
    {
        try
        {
            using var document = JsonDocument.Parse(state ?? throw new JsonException("it is empty, too large, or no file"));
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new JsonException("it is no object");
            var loaded = _parts.Where(part => Load(part, document.RootElement, moment)).Select(part => part.Name).ToList();
            if (moment == StateMoment.TakeOver)
                log.StateLoaded(string.Join(", ", loaded));
        }
        catch (JsonException e)
        {
            log.StateDamaged(moment, e.Message);
        }
    }

    private JsonElement? DataOf(IStatePart part, StateMoment moment)
    {
        try
        {
            return part.Save(moment);
        }
        catch (Exception e)
        {
            log.PartNotSaved(e, part.Name);
            return null;
        }
    }

    private bool Load(IStatePart part, JsonElement state, StateMoment moment)
    {
        if (!state.TryGetProperty(part.Name, out var entry) || entry.ValueKind != JsonValueKind.Object
            || !entry.TryGetProperty("version", out var number) || number.ValueKind != JsonValueKind.Number || !number.TryGetInt32(out var version)
            || !entry.TryGetProperty("data", out var data))
            return false;
        try
        {
            part.Load(version, data, moment);
            return true;
        }
        catch (Exception e)
        {
            log.PartNotLoaded(e, part.Name, version, moment);
            return false;
        }
    }
}
