using System.Text.Json;

namespace Baton.Configuration;

/// <summary>
/// The texts that were read last, so that what a file of a thousand routes says a thousand times, such as the name of a key, is kept
/// once.
/// </summary>
internal sealed class RecentTexts
{
    private const int Longest = 64; // Bytes; what is longer is seldom said twice.

    private readonly string?[] _recent = new string?[256];

    /// <summary>The name or the string at which the reader is.</summary>
    /// <exception cref="InvalidOperationException">It is not UTF-8.</exception>
    public string Of(ref Utf8JsonReader reader)
    {
        var bytes = reader.ValueSpan;
        if (bytes.Length > Longest)
            return reader.GetString()!;
        ref var recent = ref _recent[PlaceOf(bytes)];
        return recent is not null && reader.ValueTextEquals(recent) ? recent : recent = reader.GetString()!;
    }

    // FNV-1a.
    private static byte PlaceOf(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261;
        foreach (var one in bytes)
            hash = (hash ^ one) * 16777619;
        return (byte)(hash ^ (hash >> 16));
    }
}
