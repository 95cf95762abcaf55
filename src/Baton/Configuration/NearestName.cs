namespace Baton.Configuration;

/// <summary>Finds what somebody probably meant when a name is not known.</summary>
internal static class NearestName
{
    /// <summary>" Did you mean X?" (or nothing, when no name is near) and the list of the known names.</summary>
    public static string Hint(string name, IReadOnlyCollection<string> known)
    {
        var nearest = Find(name, known);
        var question = nearest is null ? "" : $" Did you mean {nearest}?";
        return $"{question} Known here: {string.Join(", ", known)}.";
    }

    /// <summary>The nearest known name by edit distance, or null when none is near enough to be a slip of the hand.</summary>
    public static string? Find(string name, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, distance: Distance(name.ToUpperInvariant(), candidate.ToUpperInvariant())))
            .OrderBy(pair => pair.distance)
            .FirstOrDefault();

        // A third of the letters wrong is still the same word; beyond that a guess misleads.
        return best.candidate is not null && best.distance <= Math.Max(2, name.Length / 3) ? best.candidate : null;
    }

    /// <summary>Insertions, deletions, replacements and swaps of two neighbours ("optimal string alignment").</summary>
    private static int Distance(string a, string b)
    {
        var cost = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
            cost[i, 0] = i;
        for (var j = 0; j <= b.Length; j++)
            cost[0, j] = j;

        for (var i = 1; i <= a.Length; i++)
        {
            for (var j = 1; j <= b.Length; j++)
            {
                var replaced = cost[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(replaced, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }

        return cost[a.Length, b.Length];
    }
}
