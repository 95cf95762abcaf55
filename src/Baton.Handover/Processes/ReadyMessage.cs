using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Baton.Handover.Processes;

/// <summary>The one thing a successor writes to the ready pipe: that it is ready, or every reason why it is not.</summary>
internal sealed record ReadyMessage(int Version, int Pid, int Generation, string Build)
{
    /// <summary>The most a predecessor reads: room for some hundred reasons, and a bound for garbage.</summary>
    public const int MaxBytes = 64 * 1024;

    /// <summary>
    /// May come before the message: everything is loaded, and what is left is to warm up. A line feed, since a build that does not
    /// know of it takes it for the white space that JSON may begin with; RFC 8259, 2.
    /// </summary>
    public const byte WarmingUp = (byte)'\n';

    /// <summary>Null when it is ready.</summary>
    public IReadOnlyList<string>? Failed { get; init; }

    /// <summary>The inherited descriptors that the new configuration has no use for.</summary>
    public IReadOnlyList<int>? Released { get; init; }

    /// <summary>The kinds of message by which this build adopts connections; a build that does not know of it adopts none.</summary>
    public IReadOnlyList<string>? Adopts { get; init; }

    /// <summary>The addresses of listeners that it has bound anew.</summary>
    public IReadOnlyList<string>? Bound { get; init; }

    /// <summary>What it has warned of; only in a rehearsal.</summary>
    public IReadOnlyList<string>? Warnings { get; init; }

    [JsonIgnore]
    public bool IsReady => Failed is null;

    public byte[] ToBytes()
    {
        var bytes = Serialize(this);
        for (var longest = 2000; bytes.Length > MaxBytes && longest > 0; longest /= 2) // One character may take six bytes.
            bytes = Serialize(this with { Failed = Shortened(Failed, longest), Bound = Shortened(Bound, longest), Warnings = Shortened(Warnings, longest) });
        return bytes;
    }

    /// <exception cref="HandoverException">The bytes are something else.</exception>
    public static ReadyMessage Parse(ReadOnlySpan<byte> bytes)
    {
        try
        {
            // The version first: the rest of another version may look different.
            var version = (JsonSerializer.Deserialize(bytes, WireFormat.Default.ReadyVersion) ?? throw new JsonException()).Version;
            return version == Inheritance.Version
                ? JsonSerializer.Deserialize(bytes, WireFormat.Default.ReadyMessage)!
                : throw new HandoverException($"The successor answered in version {version} of the hand-over, this build knows version {Inheritance.Version}. Upgrade by way of a build that knows both, or restart.");
        }
        catch (JsonException)
        {
            var text = Encoding.UTF8.GetString(bytes[..Math.Min(bytes.Length, 80)]);
            throw new HandoverException($"The successor wrote something other than a ready message: {JsonSerializer.Serialize(text, WireFormat.Default.String)}. Is {nameof(Baton)} what the command starts?");
        }
    }

    private static IReadOnlyList<string>? Shortened(IReadOnlyList<string>? texts, int longest) =>
        texts is null ? null : [.. texts.Take(20).Select(text => text.Length <= longest ? text : text[..longest] + "…")];

    private static byte[] Serialize(ReadyMessage message) => JsonSerializer.SerializeToUtf8Bytes(message, WireFormat.Default.ReadyMessage);
}

/// <summary>What every version of the message has.</summary>
internal sealed record ReadyVersion(int Version);
