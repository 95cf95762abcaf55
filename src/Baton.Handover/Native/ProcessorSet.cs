using System.Numerics;
using System.Runtime.InteropServices;

namespace Baton.Handover.Native;

/// <summary>On which processors a thread may run; sched_setaffinity(2). Two are equal if they name the same processors.</summary>
internal sealed unsafe partial class ProcessorSet : IEquatable<ProcessorSet>
{
    // The kernel can be built for 8,192 at most, and refuses less room than it was built for.
    private const int Words = 8192 / BitsPerWord;
    private const int BitsPerWord = 64;

    private readonly ulong[] _words;

    private ProcessorSet(ulong[] words) => _words = words;

    /// <summary>Every processor that the kernel allows, and will allow.</summary>
    public static ProcessorSet Everything { get; } = new([.. Enumerable.Repeat(ulong.MaxValue, Words)]);

    public int Count => _words.Sum(BitOperations.PopCount);

    /// <param name="thread">0 for the one that calls.</param>
    /// <returns>Null if there is no such thread, or it is forbidden to ask.</returns>
    public static ProcessorSet? Of(int thread)
    {
        var words = new ulong[Words];
        fixed (ulong* first = words)
            return GetAffinityCore(thread, Words * sizeof(ulong), first) == 0 ? new ProcessorSet(words) : null;
    }

    /// <summary>Lets a thread run there and nowhere else; false if that is not possible.</summary>
    /// <param name="thread">0 for the one that calls.</param>
    public bool TrySet(int thread)
    {
        fixed (ulong* first = _words)
            return SetAffinityCore(thread, Words * sizeof(ulong), first) == 0;
    }

    /// <summary>The upper half of it, rounded down, but at least one: the lowest are those that devices interrupt.</summary>
    public ProcessorSet UpperHalf()
    {
        var words = new ulong[Words];
        var left = Math.Max(1, Count / 2);
        for (var processor = Words * BitsPerWord - 1; left > 0 && processor >= 0; processor--)
        {
            var bit = _words[processor / BitsPerWord] & (1UL << processor % BitsPerWord);
            words[processor / BitsPerWord] |= bit;
            left -= bit == 0 ? 0 : 1;
        }

        return new ProcessorSet(words);
    }

    /// <summary>Whether all of its processors are among those of the other.</summary>
    public bool IsWithin(ProcessorSet other) => _words.Zip(other._words).All(pair => (pair.First & ~pair.Second) == 0);

    public bool Equals(ProcessorSet? other) => other is not null && _words.AsSpan().SequenceEqual(other._words);

    public override bool Equals(object? obj) => Equals(obj as ProcessorSet);

    public override int GetHashCode() => _words.Aggregate(0, HashCode.Combine);

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static partial int GetAffinityCore(int thread, nuint size, ulong* words);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static partial int SetAffinityCore(int thread, nuint size, ulong* words);
}
