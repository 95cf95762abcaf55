using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Baton.Tests.Backends;

/// <summary>
/// A pseudo-random body whose every byte follows from its offset, so that both ends of a transfer know it without sharing
/// it, and a piece that is missing, doubled or moved changes its hash.
/// </summary>
public static class KnownBody
{
    private const int PieceSize = 64 * 1024;
    private static readonly ConcurrentDictionary<long, string> Hashes = new();

    /// <summary>Fills <paramref name="piece"/> with the bytes from <paramref name="offset"/> on, a multiple of 8.</summary>
    public static void Fill(Span<byte> piece, long offset)
    {
        if (offset % 8 != 0)
            throw new ArgumentException($"The offset is {offset}, which is not a multiple of 8.", nameof(offset));

        Span<byte> word = stackalloc byte[8];
        for (var at = 0; at < piece.Length; at += 8)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix((ulong)(offset + at)));
            word[..Math.Min(8, piece.Length - at)].CopyTo(piece[at..]);
        }
    }

    /// <summary>The pieces of a body of <paramref name="length"/> bytes; the memory is used again for the next piece.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Pieces(long length, int pieceSize = PieceSize)
    {
        var piece = new byte[pieceSize];
        for (var offset = 0L; offset < length; offset += pieceSize)
        {
            var size = (int)Math.Min(pieceSize, length - offset);
            Fill(piece.AsSpan(0, size), offset);
            yield return piece.AsMemory(0, size);
        }
    }

    /// <summary>The SHA-256 of a body of <paramref name="length"/> bytes, in upper-case hexadecimal.</summary>
    public static string Sha256(long length) => Hashes.GetOrAdd(length, static size =>
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var piece in Pieces(size))
            hash.AppendData(piece.Span);
        return Convert.ToHexString(hash.GetHashAndReset());
    });

    // splitmix64 (Steele, Lea, Flood 2014): one multiply-xor chain a word, no state to carry from piece to piece.
    private static ulong Mix(ulong value)
    {
        value = unchecked(value + 0x9E3779B97F4A7C15UL);
        value = unchecked((value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL);
        value = unchecked((value ^ (value >> 27)) * 0x94D049BB133111EBUL);
        return value ^ (value >> 31);
    }
}
